/**
 * From events of a gateway and of the profiles to entries of the timeline. What `InterfaceWatch` and `DropWatch` notice
 * by themselves, and what says too little for people, is left out.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { LifetimeEvent } from '#core/sad/sad.ts';
import type { GatewayEvent } from '#core/tunnel/event/gateway-event.ts';
import type { ProfileEvent } from '#core/tunnel/profile/profile-event.ts';
import type { ProfilePhase } from '#core/tunnel/profile/profile-state.ts';
import {} from './interface-watch.ts';
import type { TimelineKind } from './timeline-kind.ts';
import type { Timeline } from './timeline.ts';

/** A key is asked for again and again while packets wait: once in so long is told of each interface. */
const acquireQuietMs = 60_000;

const expiryKinds: Readonly<Record<LifetimeEvent['kind'], TimelineKind>> = {
  soft: 'key-expires-soon',
  hard: 'key-expired',
  unused: 'key-unused',
};

/** Notes events. */
export class EventNotes {
  readonly #timeline: Timeline;
  readonly #interfaceBetween: (source: IpAddress, destination: IpAddress) => string | null;
  readonly #acquired = new Map<string, number>();
  readonly #phases = new Map<string, ProfilePhase>();

  /** `interfaceBetween`: whose outer addresses these two are, in whatever order; null for nobody's. */
  constructor(timeline: Timeline, interfaceBetween: (source: IpAddress, destination: IpAddress) => string | null) {
    this.#timeline = timeline;
    this.#interfaceBetween = interfaceBetween;
  }

  /** An event of the gateway. */
  note(event: GatewayEvent): void {
    if (event.kind === 'expire') {
      const { source, destination, spi, limit, atMs } = event;
      const name = this.#interfaceBetween(source, destination);
      this.#timeline.add(expiryKinds[event.hardness], atMs, name, { source, destination, spi: formatSpi(spi), limit });
    } else if (event.kind === 'acquire') {
      this.#noteAcquire(event);
    }
  }

  /** An event of the profiles: a phase once, whatever its tunnel does meanwhile. */
  noteProfile({ change, id, name, phase, atMs }: ProfileEvent): void {
    if (change !== 'state') {
      this.#timeline.add(`profile-${change}`, atMs, null, { profile: name });
      if (change === 'deleted') this.#phases.delete(id);
      return;
    }
    const before = this.#phases.get(id) ?? 'off';
    this.#phases.set(id, phase);
    if (before !== phase) this.#timeline.add(`profile-${phase}`, atMs, null, { profile: name });
  }

  #noteAcquire({ interface: name, source, destination, atMs }: GatewayEvent & { kind: 'acquire' }): void {
    const told = this.#acquired.get(name);
    if (told !== undefined && atMs - told < acquireQuietMs) return;
    this.#acquired.set(name, atMs);
    this.#timeline.add('key-wanted', atMs, name, { source, destination });
  }
}
