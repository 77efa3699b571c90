/**
 * Who may look through `culvert ui`: whoever has the address with its token, once. The token is in the fragment, which a
 * browser sends nowhere by itself; the page exchanges it for a session that lives in a cookie no script can read.
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Sessions that may be open; the oldest goes when another comes. */
const sessionsKept = 8;

/** Admission of one server. */
export class Admission {
  readonly #port: number;
  #token: Buffer | null = null;
  readonly #sessions: Buffer[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  /** A new address for one browser; the one before it, unless used, is void. */
  newAddress(): string {
    const token = randomBytes(32);
    this.#token = digest(token.toString('base64url'));
    return `${this.origin()}/#token=${token.toString('base64url')}`;
  }

  /** The origin of our page. */
  origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Whether a request names this server, not a name that somebody lets point here (DNS rebinding). */
  isForUs(request: IncomingMessage): boolean {
    return request.headers.host === `127.0.0.1:${this.#port}`;
  }

  /** Whether a request that changes or opens something comes from our own page. */
  isFromUs(request: IncomingMessage): boolean {
    return this.isForUs(request) && request.headers.origin === this.origin();
  }

  /** Exchange the token, once. Gives the cookie's header, or null for a token that is not the one. */
  admit(token: string): string | null {
    const expected = this.#token;
    if (expected === null || !timingSafeEqual(digest(token), expected)) return null;
    this.#token = null;
    const session = randomBytes(32).toString('base64url');
    this.#sessions.push(digest(session));
    if (this.#sessions.length > sessionsKept) this.#sessions.shift();
    return `${this.#cookieName()}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether a request carries a session. */
  hasSession(request: IncomingMessage): boolean {
    const prefix = `${this.#cookieName()}=`;
    const cookie = (request.headers.cookie ?? '').split('; ').find((part) => part.startsWith(prefix));
    if (cookie === undefined) return false;
    const session = digest(cookie.slice(prefix.length));
    return this.#sessions.some((known) => timingSafeEqual(known, session));
  }

  /** Cookies know no ports: two servers on one machine must not have one name. */
  #cookieName(): string {
    return `culvert-${this.#port}`;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
