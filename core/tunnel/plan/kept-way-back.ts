/**
 * Keeps the way back from a change outside of this process while the change is made and waits to be confirmed, and takes it up
 * when culvertd was killed meanwhile. From one process to the next only numbers are lost: associations go on well
 * behind the last number that is known.
 * @module
 */
import type { Log } from '#core/base/port.ts';
import type { AssociationUsage } from '#core/sad/security-association.ts';
import type { SystemSettings } from '#core/ipsecif/interface-options.ts';
import type { WayBackStore } from '#core/tunnel/port/way-back-store.ts';
import { forgetKeys, wholeWayBack } from './way-back.ts';
import type { DesiredState, HeldByProfiles } from './desired-state.ts';
import type { MachineState } from './machine-state.ts';
import { emitWayBack, parseWayBack, type KeptWayBack } from './way-back-text.ts';

/** What is taken up again. */
export type TakenUp = Pick<KeptWayBack, 'settings' | 'added'> & { readonly before: DesiredState };

/** The one way back that is kept. */
export class WayBackKeeper {
  readonly #store: WayBackStore;
  readonly #log: Log;

  constructor(store: WayBackStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** Before a change begins: the machine as it is, without what profiles hold. @throws {IpsecError} `STATE_UNWRITABLE`. */
  keep(
    present: MachineState,
    desired: DesiredState,
    held: HeldByProfiles,
    surroundings: { readonly settings: SystemSettings; readonly usageOf: (slot: number) => AssociationUsage },
  ): void {
    const whole = wholeWayBack(present, held, surroundings.usageOf);
    const added = desired.interfaces.map(({ name }) => name).filter((name) => !present.interfaces.has(name));
    try {
      this.#store.save(emitWayBack({ ...whole, settings: surroundings.settings, added }));
    } finally {
      forgetKeys(whole);
    }
  }

  /** The change was confirmed, taken back, or never made. */
  drop(): void {
    try {
      this.#store.remove();
    } catch (error) {
      this.#log.error('the configuration of before a change is still on the disk', { error });
    }
  }

  /** What a culvertd has left that was killed before its change was confirmed; null for nothing. */
  takeUp(): TakenUp | null {
    try {
      const text = this.#store.load();
      if (text === null) return null;
      const { settings, added, ...parts } = parseWayBack(text);
      // Nothing but what is named is touched: the rest has come to be since.
      const gone = { interfaces: new Set<string>(), associations: new Set<string>(), policies: 'all' } as const;
      return { settings, added, before: { ...parts, gone, notes: [] } };
    } catch (error) {
      this.#log.error('the configuration of before an unconfirmed change is lost', { error, file: this.#setAside() });
      return null;
    }
  }

  #setAside(): string | null {
    try {
      return this.#store.setAside();
    } catch {
      return null;
    }
  }
}
