/**
 * What a gateway decides by: SPD, SAD and interfaces, changed and taken back together.
 * @module
 */
import type { SystemSettings } from '#core/ipsecif/interface-options.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import { Sad, type SadOptions } from '#core/sad/sad.ts';
import { Spd } from '#core/spd/spd.ts';

/** A place to which all three can be rolled back. Marks nest: the one opened last is closed first. */
export type DatabaseMark = { readonly commit: () => void; readonly rollback: () => void };

/** The three databases. */
export class Databases {
  readonly spd = new Spd();
  readonly sad: Sad;
  readonly ipsecif: Ipsecif;

  constructor(sad: SadOptions, settings: SystemSettings) {
    this.sad = new Sad(sad);
    this.ipsecif = new Ipsecif(this.spd, settings);
  }

  /** Open a mark in all three. */
  mark(): DatabaseMark {
    const stores = [this.ipsecif, this.spd, this.sad].map((store) => ({ store, mark: store.mark() }));
    return {
      commit: () => stores.forEach(({ store, mark }) => store.commit(mark)),
      rollback: () => stores.forEach(({ store, mark }) => store.rollback(mark)),
    };
  }
}
