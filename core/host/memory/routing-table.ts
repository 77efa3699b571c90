/**
 * A routing table with longest-prefix match (RFC 1812 §5.2.4.3): prefix → interface and, where there is one, gateway.
 * Of two equal prefixes the lower metric wins, and of two equal metrics the newer until it is removed.
 * @module
 */
import { addressBytes, addressFamily, type IpAddress } from '#core/ip/address.ts';
import { prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import { toHex } from '#core/base/bytes.ts';

/** One route. */
export type Route = {
  readonly prefix: IpPrefix;
  /** Name of the interface to send through. */
  readonly interfaceName: string;
  /** Next hop; null where the destination itself is on the link. */
  readonly gateway: IpAddress | null;
  /** Set where packets go no further; `interfaceName` says nothing then. */
  readonly nowhere?: 'blackhole' | 'reject';
  /** Source for the host's own packets. */
  readonly source?: IpAddress | null;
  /** Lower goes before higher; 0 where it is left out. */
  readonly metric?: number;
  /** Who made it, where that matters. */
  readonly origin?: 'kernel' | 'culvert';
};

/** The table. */
export class RoutingTable {
  /** Family and prefix length → masked address → routes, newest first. */
  readonly #byLength = new Map<string, Map<string, Route[]>>();

  /** Add a route. */
  add(route: Route): void {
    const { lengthKey, addressKey } = keysOf(route.prefix);
    const routes = this.#byLength.get(lengthKey) ?? new Map<string, Route[]>();
    this.#byLength.set(lengthKey, routes);
    const equal = routes.get(addressKey) ?? [];
    const at = equal.findIndex(({ metric = 0 }) => metric >= (route.metric ?? 0));
    routes.set(addressKey, equal.toSpliced(at < 0 ? equal.length : at, 0, route));
  }

  /** Remove every route for which `isGone` holds. */
  removeWhere(isGone: (route: Route) => boolean): void {
    for (const routes of this.#byLength.values()) {
      for (const [key, list] of routes) {
        const kept = list.filter((route) => !isGone(route));
        if (kept.length === 0) routes.delete(key);
        else routes.set(key, kept);
      }
    }
  }

  /** The route with the longest prefix for which `isUsable` holds; null when there is none. */
  find(destination: IpAddress, isUsable: (route: Route) => boolean = () => true): Route | null {
    const bytes = addressBytes(destination);
    const family = addressFamily(destination);
    for (let length = family === 4 ? 32 : 128; length >= 0; length--) {
      const routes = this.#byLength.get(`${family}/${length}`)?.get(maskedKey(bytes, length));
      const found = routes?.find(isUsable);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** All routes. */
  *list(): Iterable<Route> {
    for (const routes of this.#byLength.values()) for (const list of routes.values()) yield* list;
  }
}

function keysOf(prefix: IpPrefix): { lengthKey: string; addressKey: string } {
  const { address, length } = prefixParts(prefix);
  return { lengthKey: `${addressFamily(address)}/${length}`, addressKey: maskedKey(addressBytes(address), length) };
}

function maskedKey(address: Uint8Array, length: number): string {
  const masked = address.slice();
  for (let index = 0; index < masked.length; index++) {
    const bits = Math.min(8, Math.max(0, length - index * 8));
    masked[index]! &= 0xff << (8 - bits);
  }
  return toHex(masked);
}
