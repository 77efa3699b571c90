/**
 * Bringing tunnels up and down from outside the page: the tray's switches, all at once, and a pause that ends by itself.
 * @module
 */
import type { LinkKeeper } from '#core/client/helper-link.ts';
import type { TrayTunnel } from '../tray/tray-tunnel.ts';

/** The part of a link that tunnels are switched by. */
export type Helper = Pick<LinkKeeper, 'call'>;

/** Bring `tunnel` up or down. @throws {IpsecError} what the helper refuses. */
export async function switchTunnel(helper: Helper, tunnel: TrayTunnel, wanted: boolean): Promise<void> {
  const { name, isProfile } = tunnel;
  if (!isProfile) await helper.call('interface.setFlags', { name, isUp: wanted });
  else await helper.call(wanted ? 'profile.up' : 'profile.down', { name });
}

/** Take down all that are wanted; gives those that were. What the helper refuses of one does not keep the others. */
export async function takeAllDown(helper: Helper, tunnels: readonly TrayTunnel[]): Promise<readonly TrayTunnel[]> {
  const wanted = tunnels.filter(({ isWanted }) => isWanted);
  const results = await Promise.allSettled(wanted.map((tunnel) => switchTunnel(helper, tunnel, false)));
  return wanted.filter((_tunnel, index) => results[index]?.status === 'fulfilled');
}

/** A pause: tunnels that were taken down, and come up again when it ends. */
export class Pause {
  readonly #helper: Helper;
  readonly #onChange: () => void;
  #tunnels: readonly TrayTunnel[] = [];
  #untilMs: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(helper: Helper, onChange: () => void) {
    this.#helper = helper;
    this.#onChange = onChange;
  }

  /** When it ends, milliseconds since the epoch; null while nothing is paused. */
  untilMs(): number | null {
    return this.#untilMs;
  }

  /** Take down all that are wanted among `tunnels`, for so many minutes. */
  async start(tunnels: readonly TrayTunnel[], minutes: number): Promise<void> {
    const lengthMs = minutes * 60_000;
    this.#untilMs = Date.now() + lengthMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.resume(), lengthMs);
    this.#tunnels = await takeAllDown(this.#helper, tunnels);
    this.#onChange();
  }

  /** End it: what it took down comes up again. */
  async resume(): Promise<void> {
    const tunnels = this.#tunnels;
    this.forget();
    await Promise.allSettled(tunnels.map((tunnel) => switchTunnel(this.#helper, tunnel, true)));
    this.#onChange();
  }

  /** End it and leave everything as it is: the person has decided otherwise. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#tunnels = [];
    this.#untilMs = null;
  }
}
