/**
 * Who may look through `culvert ui`: whoever has the address with its token, once. The token is in the fragment, which a
 * browser sends nowhere by itself; the page exchanges it for a session of two halves. One is a cookie that no script can
 * read. Cookies know no ports (RFC 6265 §8.5): a browser shows it to whatever other server of 127.0.0.1 it visits, another
 * user's too, and that may set one of the same name. So the relay wants the other half as well, which the page keeps in
 * its origin's storage, where only pages of this port can read it, and sends as a subprotocol of its WebSocket.
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Sessions that may be open; the oldest goes when another comes. */
const sessionsKept = 8;
/** Subprotocols that are looked at: our own and the key. */
const mostProtocols = 2;

type Session = { readonly cookie: Buffer; readonly key: Buffer };

/** What a token is exchanged for. */
export type Admitted = {
  /** The header that sets the cookie. */
  readonly cookie: string;
  /** The half that the page keeps. */
  readonly key: string;
};

/** Admission of one server. */
export class Admission {
  readonly #port: number;
  #token: Buffer | null = null;
  readonly #sessions: Session[] = [];

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

  /** Exchange the token, once. Null for a token that is not the one. */
  admit(token: string): Admitted | null {
    const expected = this.#token;
    if (expected === null || !timingSafeEqual(digest(token), expected)) return null;
    this.#token = null;
    const [session, key] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
    this.#sessions.push({ cookie: digest(session), key: digest(key) });
    if (this.#sessions.length > sessionsKept) this.#sessions.shift();
    return { cookie: `${this.#cookieName()}=${session}; Path=/; HttpOnly; SameSite=Strict`, key };
  }

  /** Whether a request carries a session's cookie: enough for the page's files, which hold nothing of this machine. */
  hasSession(request: IncomingMessage): boolean {
    return this.#sessionsOf(request).length > 0;
  }

  /** Whether a request carries both halves of a session. */
  hasWholeSession(request: IncomingMessage): boolean {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').slice(0, mostProtocols);
    const keys = offered.map((protocol) => digest(protocol.trim()));
    return this.#sessionsOf(request).some(({ key }) => keys.some((given) => timingSafeEqual(given, key)));
  }

  /** Of all cookies of our name: somebody else may have set one beside ours. */
  #sessionsOf(request: IncomingMessage): readonly Session[] {
    const prefix = `${this.#cookieName()}=`;
    const cookies = (request.headers.cookie ?? '').split('; ').filter((part) => part.startsWith(prefix));
    const given = cookies.map((cookie) => digest(cookie.slice(prefix.length)));
    return this.#sessions.filter(({ cookie }) => given.some((one) => timingSafeEqual(one, cookie)));
  }

  /** Two servers on one machine must not have one name. */
  #cookieName(): string {
    return `culvert-${this.#port}`;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
