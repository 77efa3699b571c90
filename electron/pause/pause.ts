/**
 * A pause: tunnels that were taken down for some minutes, and come up again when it ends. It is this program's, not the
 * helper's, and is kept in a file: whoever starts the app again after it was ended by force, or after the machine was,
 * finds the pause as it was, and what is due by then comes up at once. Where the helper is away when it ends, it ends
 * when the helper is back.
 *
 * It ends at a time of the wall clock, which people and NTP set. Set forward, the pause ends sooner: that cannot be told from a
 * machine that slept. Set back, the end is set back with it, so that tunnels do not stay down for longer than was asked for.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { KeptPause, PauseFile } from '#core/client/pause-file.ts';
import type { TrayTunnel } from '../tray/tray-tunnel.ts';
import { switchTunnel, takeAllDown, type Helper, type SwitchedTunnel } from './tunnel-switch.ts';

/** The clock is looked at so often: timers stand still while a machine sleeps. */
const lookMs = 30_000;

/** At most one at a time. */
export class Pause {
  readonly #helper: Helper;
  readonly #file: PauseFile;
  readonly #onChange: () => void;
  #kept: KeptPause | null;
  /** The wall clock when it was last looked at: earlier than that it only is after it was set back. */
  #seenMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(helper: Helper, file: PauseFile, onChange: () => void) {
    this.#helper = helper;
    this.#file = file;
    this.#onChange = onChange;
    this.#kept = file.load();
    this.#seenMs = this.#kept?.savedMs ?? Date.now();
    if (this.#kept !== null) this.#arm();
  }

  /** When it ends, milliseconds since the epoch; null while nothing is paused. */
  untilMs(): number | null {
    return this.#kept?.untilMs ?? null;
  }

  /** Take down all that are wanted among `tunnels`, for so many minutes. */
  async start(tunnels: readonly TrayTunnel[], minutes: number): Promise<void> {
    const untilMs = this.#followClock() + minutes * 60_000;
    this.#keep({ untilMs, tunnels: tunnels.filter(({ isWanted }) => isWanted) });
    this.#arm();
    const paused = await takeAllDown(this.#helper, tunnels);
    if (this.#kept?.untilMs === untilMs) this.#keep({ untilMs, tunnels: paused });
    this.#onChange();
  }

  /** End it: what it took down comes up again, and what the helper cannot be asked for stays to be done. */
  async resume(): Promise<void> {
    clearTimeout(this.#timer);
    const tunnels = this.#kept?.tunnels ?? [];
    this.#kept = null;
    const results = await Promise.allSettled(tunnels.map((tunnel) => switchTunnel(this.#helper, tunnel, true)));
    const left = tunnels.filter((_tunnel, index) => isUnreached(results[index]));
    // A pause that was begun meanwhile has its own list.
    if (this.#kept === null) this.#keep(left.length === 0 ? null : { untilMs: Date.now(), tunnels: left });
    this.#onChange();
  }

  /** The helper is there: what was due while it was away is done now. */
  async noteHelper(): Promise<void> {
    if (this.#isDue()) await this.resume();
  }

  /** End it and leave everything as it is: the person has decided otherwise. */
  forget(): void {
    clearTimeout(this.#timer);
    if (this.#kept !== null) this.#keep(null);
  }

  #isDue(): boolean {
    const nowMs = this.#followClock();
    return this.#kept !== null && nowMs >= this.#kept.untilMs;
  }

  /** Set the end back with the clock, to within the time between two looks. Gives the time. */
  #followClock(): number {
    const nowMs = Date.now();
    const setBackMs = this.#seenMs - nowMs;
    this.#seenMs = nowMs;
    if (setBackMs > 0 && this.#kept !== null) {
      this.#keep({ ...this.#kept, untilMs: Math.max(0, this.#kept.untilMs - setBackMs) });
    }
    return nowMs;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const nowMs = this.#followClock();
    const leftMs = (this.#kept?.untilMs ?? 0) - nowMs;
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(leftMs, 0), lookMs)).unref();
  }

  #look(): void {
    const toldMs = this.untilMs();
    if (this.#isDue()) void this.resume();
    else this.#arm();
    if (this.untilMs() !== toldMs) this.#onChange();
  }

  #keep(kept: KeptPause | null): void {
    const tunnels = kept?.tunnels.map(({ name, isProfile }): SwitchedTunnel => ({ name, isProfile })) ?? [];
    this.#kept = kept === null ? null : { untilMs: kept.untilMs, savedMs: Date.now(), tunnels };
    this.#file.save(this.#kept);
  }
}

function isUnreached(result: PromiseSettledResult<void> | undefined): boolean {
  const reason: unknown = result?.status === 'rejected' ? result.reason : null;
  return reason instanceof IpsecError && reason.code === 'HELPER_UNREACHABLE';
}
