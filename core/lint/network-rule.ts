/**
 * Prefixes inside a tunnel that overlap with a network of this machine, or with those of another tunnel.
 * @module
 */
import { networkPrefix, prefixContains, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import { finding, type Finding } from './finding.ts';
import type { LintInput, LintNetwork } from './lint-input.ts';

/** A network that this machine has an address in. */
export type LocalNetwork = { readonly device: string; readonly prefix: IpPrefix };

/** Find them; `local` is null where nobody knows the machine's networks. */
export function networkRule({ networks }: LintInput, local: readonly LocalNetwork[] | null): Finding[] {
  const names = new Set(networks.map(({ interface: name }) => name));
  // The tunnel itself may be up already: its own addresses are no conflict.
  const foreign = (local ?? []).filter(({ device }) => !names.has(device));
  return networks.flatMap((network): Finding[] => {
    const { place, prefix } = network;
    const next = foreign.find((other) => overlaps(other.prefix, prefix));
    if (next !== undefined) {
      const message = `${shown(prefix)} overlaps with ${shown(next.prefix)} on ${next.device}`;
      return [finding('NETWORK_OVERLAP', place, message)];
    }
    const twin = earlier(networks, network).find((other) => overlaps(other.prefix, prefix));
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

function earlier(networks: readonly LintNetwork[], network: LintNetwork): LintNetwork[] {
  return networks.slice(0, networks.indexOf(network)).filter((other) => other.interface !== network.interface);
}

function shown(prefix: IpPrefix): string {
  return networkPrefix(prefix);
}
