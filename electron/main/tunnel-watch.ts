/**
 * What the helper says of its tunnels, for the tray and for quitting: what the mirror of its status has, with what it had
 * before. After a change it asks to hear of it soon; it asks for nothing else.
 * @module
 */
import type { HelperLink } from '#core/api/relay.ts';
import type { WholeStatus } from '#core/api/watch/watch-contract.ts';
import type { LinkKeeper } from '#core/client/helper-link.ts';
import type { TunnelsNow } from '../tray/tray-tunnel.ts';

/** Changes that come together are asked about once. */
const settleMs = 200;

/** A watch over the helper behind `helper`. */
export class TunnelWatch {
  readonly #helper: Pick<LinkKeeper, 'call' | 'link'>;
  readonly #onChange: (now: TunnelsNow) => void;
  #now: TunnelsNow;
  #timer: NodeJS.Timeout | undefined;
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
    this.#tell({ ...this.#now, link });
  }

  /** A newer status has come; until `sinceMs`, where that is known, it was as the one before. */
  noteStatus({ canOperate, status }: WholeStatus, sinceMs: number | null): void {
    const { link, status: last } = this.#now;
    const before = last === null ? null : { ...last, nowMs: sinceMs ?? last.nowMs };
    this.#tell({ link, canOperate, before, status, profiles: status.profiles });
  }

  /** Something has changed: hear of it soon. */
  noteChange(): void {
    if (this.#isStopped) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, settleMs);
  }

  /** Hear now of what has changed. Failures are the link's to tell. */
  async refresh(): Promise<void> {
    if (this.#helper.link().state === 'connected') await this.#helper.call('status.flush', {}).catch(() => {});
  }

  /** Ask no more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #tell(now: TunnelsNow): void {
    this.#now = now;
    if (!this.#isStopped) this.#onChange(now);
  }
}
