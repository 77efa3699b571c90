/**
 * Things kept by network, found by what lies in the network: however many networks there are, one lookup for each length
 * that some of them have.
 *
 * A zone is part of a network's name; a network without one holds addresses of every zone, as `prefixContains` has it.
 * @module
 */
import { addressZone } from '#core/ip/address.ts';
import { networkPrefix, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';

/** The map. */
export class NetworkMap<T> {
  readonly #byNetwork = new Map<string, T>();
  readonly #lengths = new Set<number>();

  /** What is kept for exactly this network; made when there is nothing yet. Host bits do not matter. */
  at(prefix: IpPrefix, make: () => T): T {
    const key = keyOf(networkPrefix(prefix), zoneOf(prefix));
    let value = this.#byNetwork.get(key);
    if (value === undefined) {
      value = make();
      this.#byNetwork.set(key, value);
      this.#lengths.add(prefixParts(prefix).length);
    }
    return value;
  }

  /** What is kept for each network that holds all of `prefix`. */
  *containing(prefix: IpPrefix): Generator<T> {
    const zone = zoneOf(prefix);
    for (const length of this.#lengths) {
      const network = widened(prefix, length);
      if (network === null) continue;
      for (const each of zone === null ? [null] : [null, zone]) {
        const value = this.#byNetwork.get(keyOf(network, each));
        if (value !== undefined) yield value;
      }
    }
  }
}

/** The network of this length that a prefix lies in; null when the prefix is wider than that. */
export function widened(prefix: IpPrefix, length: number): IpPrefix | null {
  const parts = prefixParts(prefix);
  return parts.length < length ? null : networkPrefix(`${parts.address}/${length}` as IpPrefix);
}

function zoneOf(prefix: IpPrefix): string | null {
  return addressZone(prefixParts(prefix).address);
}

function keyOf(network: IpPrefix, zone: string | null): string {
  return zone === null ? network : `${network}%${zone}`;
}
