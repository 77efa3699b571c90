/**
 * Prefixes inside a tunnel that overlap with a network of this machine, or with those of another tunnel. Link-local
 * networks (RFC 4291 §2.5.6, RFC 3927) are each link's own, and overlap with nothing.
 * @module
 */
import { networkPrefix, parsePrefix, prefixContains, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import { finding, type Finding } from './finding.ts';
import type { LintInput, LintNetwork } from './lint-input.ts';
import { NetworkMap, widened } from './network-map.ts';

/** A network that this machine has an address in. */
export type LocalNetwork = { readonly device: string; readonly prefix: IpPrefix };

/** Find them; `local` is null where nobody knows the machine's networks. */
export function networkRule({ networks }: LintInput, local: readonly LocalNetwork[] | null): Finding[] {
  const names = new Set(networks.map(({ interface: name }) => name));
  // The tunnel itself may be up already: its own addresses are no conflict.
  const foreign = (local ?? []).filter(({ device }) => !names.has(device));
  const shared = networks.filter(({ prefix }) => !isLinkLocal(prefix));
  const claims = new Claims(shared);
  return shared.flatMap((network): Finding[] => {
    const { place, prefix } = network;
    const twin = claims.overlapping(network);
    claims.add(network);
    const next = foreign.find((other) => overlaps(other.prefix, prefix));
    if (next !== undefined) {
      const message = `${shown(prefix)} overlaps with ${shown(next.prefix)} on ${next.device}`;
      return [finding('NETWORK_OVERLAP', place, message)];
    }
    if (twin === undefined) return [];
    const message = `${shown(prefix)} of ${network.interface} overlaps with ${shown(twin.prefix)} of ${twin.interface}`;
    return [finding('NETWORK_OVERLAP_INNER', place, message)];
  });
}

/** Whether some address lies in both. */
function overlaps(left: IpPrefix, right: IpPrefix): boolean {
  const [wider, narrower] = prefixParts(left).length <= prefixParts(right).length ? [left, right] : [right, left];
  return prefixContains(wider, prefixParts(narrower).address);
}

/** Networks seen so far: of those that a look would find, the first, and the first of another interface. */
class Claims {
  readonly #whole = new NetworkMap<LintNetwork[]>();
  /** Under every network, of lengths that occur, that they lie in. */
  readonly #parts = new NetworkMap<LintNetwork[]>();
  readonly #lengths: readonly number[];

  constructor(all: readonly LintNetwork[]) {
    this.#lengths = [...new Set(all.map(({ prefix }) => prefixParts(prefix).length))];
  }

  add(network: LintNetwork): void {
    claim(
      this.#whole.at(network.prefix, () => []),
      network,
    );
    for (const length of this.#lengths) {
      const around = widened(network.prefix, length);
      if (around !== null)
        claim(
          this.#parts.at(around, () => []),
          network,
        );
    }
  }

  /** One of another interface that shares an address with `network`. */
  overlapping({ prefix, interface: name }: LintNetwork): LintNetwork | undefined {
    const isOther = (other: LintNetwork): boolean => other.interface !== name;
    for (const around of this.#whole.containing(prefix)) {
      const other = around.find(isOther);
      if (other !== undefined) return other;
    }
    return this.#parts.at(prefix, () => []).find(isOther);
  }
}

function claim(claimed: LintNetwork[], network: LintNetwork): void {
  const isNew = claimed.length < 2 && claimed.every((other) => other.interface !== network.interface);
  if (isNew) claimed.push(network);
}

const linkLocal = ['fe80::/10', '169.254.0.0/16'].map(parsePrefix);

function isLinkLocal(prefix: IpPrefix): boolean {
  const { address, length } = prefixParts(prefix);
  return linkLocal.some((link) => length >= prefixParts(link).length && prefixContains(link, address));
}

function shown(prefix: IpPrefix): string {
  return networkPrefix(prefix);
}
