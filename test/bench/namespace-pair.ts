/**
 * Two namespaces on a veth pair of MTU 1500, with the outer addresses of the picture in ipsecif(4). Every contender
 * gets a pair of its own, all alike, so that none sees another's packets.
 * @module
 */
import {
  createNamespace,
  namespaceName,
  removeNamespace,
  type Namespace,
} from '#examples/two-gateways/netns/namespace.ts';
import type { Processes } from '#examples/two-gateways/netns/process.ts';
import { joinNamespaces, wireDevice } from '#examples/two-gateways/netns/topology.ts';
import { networkPrefixLength, sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';

/** Two namespaces that reach each other. */
export type NamespacePair = { readonly a: Namespace; readonly b: Namespace };

/** Make a pair for the contender of this name. */
export async function makePair(processes: Processes, contender: string): Promise<NamespacePair> {
  const [a, b] = await Promise.all(pairNames(contender).map((name) => createNamespace(processes, name)));
  if (a === undefined || b === undefined) throw new Error('a pair has two namespaces');
  await joinNamespaces(processes, a, wireDevice, b, wireDevice);
  for (const [namespace, { wire }] of [[a, sideA] as const, [b, sideB] as const]) {
    await namespace.configure([
      `address add ${wire[4]}/${networkPrefixLength[4]} dev ${wireDevice}`,
      `address add ${wire[6]}/${networkPrefixLength[6]} dev ${wireDevice} nodad`,
      `link set ${wireDevice} up`,
    ]);
  }
  return { a, b };
}

/** Remove the pair of a contender and end what runs in it. */
export async function removePair(processes: Processes, contender: string): Promise<void> {
  for (const name of pairNames(contender)) await removeNamespace(processes, name);
}

/** Suffixes of the namespaces' names for these contenders. */
export function pairSuffixes(contenders: readonly string[]): string[] {
  return contenders.flatMap((contender) => [`${contender}-a`, `${contender}-b`]);
}

function pairNames(contender: string): string[] {
  return pairSuffixes([contender]).map((suffix) => namespaceName(suffix));
}
