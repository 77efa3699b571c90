/**
 * What the helper says of its tunnels, for the tray and for quitting: asked every five seconds, and at once when the
 * link or an event says that something has changed.
 * @module
 */
import type { HelperLink } from '#core/api/relay.ts';
import type { LinkKeeper } from '#core/client/helper-link.ts';
import type { TunnelsNow } from '../tray/tray-tunnel.ts';

const pollMs = 5000;

/** Changes that come together are asked about once. */
const settleMs = 200;

/** A watch over the helper behind `helper`. */
export class TunnelWatch {
  readonly #helper: Pick<LinkKeeper, 'call' | 'link'>;
  readonly #onChange: (now: TunnelsNow) => void;
  #now: TunnelsNow;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Infinity;
  #isStopped = false;

  constructor(helper: Pick<LinkKeeper, 'call' | 'link'>, onChange: (now: TunnelsNow) => void) {
    this.#helper = helper;
    this.#onChange = onChange;
    this.#now = { link: helper.link(), canOperate: false, before: null, status: null, profiles: [] };
  }

  /** What was known last. */
  now(): TunnelsNow {
    return this.#now;
  }

  /** The link has changed. */
  noteLink(link: HelperLink): void {
    this.#now = { ...this.#now, link };
    this.#onChange(this.#now);
    this.noteChange();
  }

  /** Something has changed: ask soon. */
  noteChange(): void {
    this.#schedule(settleMs);
  }

  /** Ask now. Failures are the link's to tell. */
  async refresh(): Promise<void> {
    const link = this.#helper.link();
    if (link.state !== 'connected') return;
    try {
      const [{ canOperate }, status, { profiles }] = await Promise.all([
        this.#helper.call('session.get', {}),
        this.#helper.call('status.get', {}),
        this.#helper.call('profile.list', {}),
      ]);
      this.#now = { link, canOperate, before: this.#now.status, status, profiles };
      if (!this.#isStopped) this.#onChange(this.#now);
    } catch {
      // the link says what is wrong
    }
  }

  /** Ask no more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** A later time never puts off an earlier one: events without end must not keep the answer away. */
  #schedule(delayMs: number): void {
    const dueMs = performance.now() + delayMs;
    if (this.#isStopped || dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity;
      void this.refresh().finally(() => this.#schedule(pollMs));
    }, delayMs);
  }
}
