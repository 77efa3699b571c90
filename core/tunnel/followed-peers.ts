/**
 * Where peers behind a NAT are now (RFC 7296 §2.23): the datapath says from where an authentic, newer packet came, and
 * what is sent goes there, for as long as the tunnel keeps its outer addresses and allows it.
 * @module
 */
import type { SnapshotEndpoint } from '#core/datapath/snapshot.ts';
import { addressFamily, formatAddress } from '#core/ip/address.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';

/** Places by interface. */
export class FollowedPeers {
  readonly #places = new Map<string, { readonly outer: OuterPair; readonly place: SnapshotEndpoint }>();
  #version = 0;

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  /** The peer of an interface was heard from `place`. Gives whether that is taken note of: link0, and followsPeer is on. */
  follow({ name, outer, flags, options }: Interface, place: SnapshotEndpoint): boolean {
    if (outer === null || !flags.link0 || !options.followsPeer) return false;
    if (isHome(outer, place)) this.#places.delete(name);
    else this.#places.set(name, { outer, place });
    this.#version++;
    return true;
  }

  /** Where the peer of an interface is; null while that is where the tunnel says. */
  placeOf({ name, outer, flags, options }: Interface): SnapshotEndpoint | null {
    const known = this.#places.get(name);
    return known?.outer === outer && flags.link0 && options.followsPeer ? known.place : null;
  }

  /** Forget interfaces that are gone, or have other outer addresses now. */
  retain(records: Iterable<Interface>): void {
    if (this.#places.size === 0) return;
    const current = new Map(Array.from(records, ({ name, outer }) => [name, outer]));
    for (const [name, { outer }] of this.#places) if (current.get(name) !== outer) this.#places.delete(name);
  }
}

/** Whether a peer has come back to where the tunnel says that it is. A tunnel without ports says too little to know. */
function isHome({ peer, peerPort }: OuterPair, { address, port }: SnapshotEndpoint): boolean {
  return port === peerPort && formatAddress(address, 0, addressFamily(peer)) === peer;
}
