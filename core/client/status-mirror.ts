/**
 * The helper's status as a program around windows keeps it: watched once over the program's own connection, slowly while
 * nobody looks, and handed on to each window that does. It also notices a helper that has fallen silent.
 * @module
 */
import { setTimeout } from 'node:timers/promises';
import { StatusFeed, rememberedChanges } from '#core/api/watch/status-feed.ts';
import { StatusReader } from '#core/api/watch/status-reader.ts';
import { heartbeatMs, type StatusUpdate, type WholeStatus } from '#core/api/watch/watch-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import type { HelperClient } from './helper-client.ts';

/** Pace while a window looks, and while none does. */
const lookedAtMs = 1000;
const hiddenMs = 5000;
/** The helper keeps the pace; what it sends is handed on. */
const asTheyComeMs = 0;

/** A heartbeat may be missed, and the next be late. */
const silenceMs = 2 * heartbeatMs + 1000;

/** What one window watches. */
export type WindowWatch = {
  /** @throws {IpsecError} `HELPER_UNREACHABLE` while there is no helper. */
  start(): WholeStatus;
  stop(): void;
};

/** The mirror, over one helper after the other. */
export class StatusMirror {
  readonly #onStatus: (whole: WholeStatus, sinceMs: number | null) => void;
  readonly #feeds = new Set<StatusFeed>();
  readonly #compare = rememberedChanges();
  #client: HelperClient | null = null;
  #reader: StatusReader | null = null;
  #whole: WholeStatus | null = null;
  #everyMs = hiddenMs;
  #askedMs = hiddenMs;
  #heardMs = 0;

  /** `onStatus` hears every newer status, with the time until which it was as the one before, if known. */
  constructor(onStatus: (whole: WholeStatus, sinceMs: number | null) => void = () => {}) {
    this.#onStatus = onStatus;
  }

  /** Watch this helper from now on. @throws {IpsecError} what refuses it. */
  async follow(client: HelperClient): Promise<void> {
    const reader = new StatusReader({
      begin: () => {
        this.#askedMs = this.#everyMs;
        return client.call('status.watch', { everyMs: this.#askedMs });
      },
      onStatus: (whole, sinceMs) => this.#note(client, whole, sinceMs),
    });
    this.#client = client;
    this.#reader = reader;
    client.hearUpdates((update) => this.#hear(client, update));
    this.#heardMs = performance.now();
    await reader.begin();
  }

  /** Rejects when the helper that is followed has said nothing for too long, unless `signal` ends the waiting. */
  async silence(signal: AbortSignal): Promise<never> {
    const leftMs = (): number => this.#heardMs + silenceMs - performance.now();
    while (leftMs() > 0) await setTimeout(leftMs(), null, { signal, ref: false });
    const message = `the helper is there and does not answer: it has said nothing for ${silenceMs / 1000} s`;
    throw new IpsecError('HELPER_UNREACHABLE', message);
  }

  /** The helper has gone. What it said last stays known. */
  leave(): void {
    this.#client = null;
    this.#reader = null;
  }

  /** A watch for one window; `send` resolves when the update has left. */
  open(send: (update: StatusUpdate) => Promise<void>): WindowWatch {
    const feed = new StatusFeed({ send, compare: this.#compare });
    return {
      start: () => {
        const [whole, client] = [this.#whole, this.#client];
        if (whole === null || client === null) throw new IpsecError('HELPER_UNREACHABLE', 'there is no helper');
        this.#feeds.add(feed);
        const answer = { ...feed.start(whole.status, asTheyComeMs), canOperate: whole.canOperate };
        this.#setPace();
        return answer;
      },
      stop: () => {
        feed.stop();
        if (this.#feeds.delete(feed)) this.#setPace();
      },
    };
  }

  #hear(client: HelperClient, update: StatusUpdate | null): void {
    if (client !== this.#client) return;
    this.#heardMs = performance.now();
    this.#reader?.hear(update);
  }

  #note(client: HelperClient, whole: WholeStatus, sinceMs: number | null): void {
    if (client !== this.#client) return;
    this.#heardMs = performance.now();
    const last = this.#whole?.status ?? null;
    this.#whole = whole;
    this.#onStatus(whole, sinceMs);
    const confirmed = last === null || sinceMs === null ? null : { ...last, nowMs: sinceMs };
    for (const feed of this.#feeds) {
      if (last !== null && confirmed !== null) feed.confirm(last, confirmed);
      feed.offer(whole.status);
    }
  }

  #setPace(): void {
    this.#everyMs = this.#feeds.size > 0 ? lookedAtMs : hiddenMs;
    void this.#keepPace().catch(() => {}); // the link says what is wrong
  }

  /** Another pace is another beginning; it may change while one is on its way. */
  async #keepPace(): Promise<void> {
    const reader = this.#reader;
    while (reader !== null && reader === this.#reader && this.#askedMs !== this.#everyMs) await reader.begin();
  }
}
