/**
 * Notices what has become of the interfaces since the last look, and puts it into the timeline: created, destroyed, up,
 * down, flags, outer addresses, keys, where the peer is, and what the tunnel does. Records of interfaces are never
 * changed in place, so one that is the same object has not changed.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { InterfaceFlags } from '#core/ipsecif/flags.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import type { InterfaceGlance } from '#core/tunnel/gateway-status.ts';
import type { Timeline } from './timeline.ts';

/** Flags whose changes are told together. */
const toldFlags = ['link0', 'link1', 'link2', 'unnumbered'] as const satisfies readonly (keyof InterfaceFlags)[];

/** The looks at the interfaces. */
export class InterfaceWatch {
  readonly #timeline: Timeline;
  #known = new Map<string, InterfaceGlance>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** Look at all of them. */
  observe(glances: readonly InterfaceGlance[], now: number): void {
    const known = new Map<string, InterfaceGlance>();
    for (const glance of glances) {
      const { name } = glance.record;
      const before = this.#known.get(name);
      known.set(name, glance);
      if (before === undefined) this.#introduce(name, glance, now);
      else this.#compare(name, before, glance, now);
    }
    for (const name of this.#known.keys()) if (!known.has(name)) this.#timeline.add('interface-destroyed', now, name);
    this.#known = known;
  }

  /** A new one is told with what it does already, not with all that was set. */
  #introduce(name: string, { state }: InterfaceGlance, now: number): void {
    this.#timeline.add('interface-created', now, name);
    if (state !== 'off' && state !== 'unconfigured') this.#timeline.add(`tunnel-${state}`, now, name);
  }

  #compare(name: string, before: InterfaceGlance, after: InterfaceGlance, now: number): void {
    if (before.record !== after.record) this.#compareRecords(name, before, after, now);
    this.#comparePlaces(name, before, after, now);
    this.#compareKeys(name, 'outbound', before.outbound, after.outbound, now);
    this.#compareKeys(name, 'inbound', before.inbound, after.inbound, now);
    if (before.state !== after.state) this.#timeline.add(`tunnel-${after.state}`, now, name);
  }

  #compareRecords(
    name: string,
    { record: before }: InterfaceGlance,
    { record: after }: InterfaceGlance,
    now: number,
  ): void {
    if (before.flags.isUp !== after.flags.isUp) {
      this.#timeline.add(after.flags.isUp ? 'interface-up' : 'interface-down', now, name);
    }
    const changed = toldFlags.filter((flag) => before.flags[flag] !== after.flags[flag]);
    if (changed.length > 0) {
      const changes = changed.map((flag) => `${flag} ${after.flags[flag] ? 'on' : 'off'}`).join(', ');
      this.#timeline.add('flags-changed', now, name, { changes });
    }
    if (before.mtu !== after.mtu) this.#timeline.add('mtu-changed', now, name, { mtu: after.mtu });
    if (before.outer === after.outer) return;
    if (after.outer === null) this.#timeline.add('tunnel-deleted', now, name);
    else this.#timeline.add('tunnel-set', now, name, { local: after.outer.local, peer: after.outer.peer });
  }

  #comparePlaces(name: string, before: InterfaceGlance, after: InterfaceGlance, now: number): void {
    const [from, to] = [before.movedTo, after.movedTo];
    if (from?.address === to?.address && from?.port === to?.port) return;
    if (to === null) this.#timeline.add('peer-returned', now, name);
    else this.#timeline.add('peer-moved', now, name, { address: to.address, port: to.port });
  }

  /** A new key beside or in the place of one of the same policy replaces it; the old one may go later, unnoticed. */
  #compareKeys(
    name: string,
    direction: 'outbound' | 'inbound',
    before: readonly SecurityAssociation[],
    after: readonly SecurityAssociation[],
    now: number,
  ): void {
    const former = new Set(before.map(({ id }) => id));
    for (const { id, reqid, spi } of after) {
      if (former.has(id)) continue;
      const old = newestOf(before, reqid);
      const details = { direction, spi: formatSpi(spi) };
      if (old === null) this.#timeline.add('keys-installed', now, name, details);
      else this.#timeline.add('keys-replaced', now, name, { ...details, before: formatSpi(old.spi) });
    }
    const present = new Set(after.map(({ id }) => id));
    for (const { id, reqid, spi } of before) {
      if (present.has(id) || newestOf(after, reqid) !== null) continue;
      this.#timeline.add('keys-gone', now, name, { direction, before: formatSpi(spi) });
    }
  }
}

function newestOf(associations: readonly SecurityAssociation[], reqid: number): SecurityAssociation | null {
  const same = associations.filter((association) => association.reqid === reqid);
  return same.reduce<SecurityAssociation | null>(
    (best, next) => (best !== null && best.id > next.id ? best : next),
    null,
  );
}
