/**
 * From the ends that a profile names to the outer addresses of this moment: names are looked up, `auto` is asked of the
 * kernel. Both ends get one IP version: that of an end that is an address, else the first that both have.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import {
  addressFamily,
  isBroadcast,
  isLoopback,
  isMulticast,
  isUnspecified,
  type IpAddress,
} from '#core/ip/address.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { parseEndpointHost, type EndpointHost } from '#core/profile/endpoint.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { NameResolver } from './profile-ports.ts';

/** Whether the answer may change with time. */
export function needsResolving({ local, peer }: Profile): boolean {
  const kinds = [parseEndpointHost(local.host, 'local.host'), parseEndpointHost(peer.host, 'peer.host')];
  return kinds.some(({ kind }) => kind !== 'address');
}

/** The outer pair of this moment. @throws {IpsecError} `PROFILE_UNRESOLVED`. */
export async function resolveEndpoints({ local, peer }: Profile, resolver: NameResolver): Promise<OuterPair> {
  const own = parseEndpointHost(local.host, 'local.host');
  const far = parseEndpointHost(peer.host, 'peer.host');
  const [locals, peers] = await Promise.all([
    addressesOf(own, 'local.host', resolver),
    addressesOf(far, 'peer.host', resolver),
  ]);
  // Two addresses were looked at when the profile was saved.
  const isGiven = own.kind === 'address' && far.kind === 'address';
  const both = { local: local.host, peer: peer.host, isGiven };
  const { localAddress, peerAddress } = await choose(locals, peers ?? [], resolver, both);
  return { local: localAddress, peer: peerAddress, localPort: local.port, peerPort: peer.port };
}

/**
 * Null: whatever fits the other end. Of what a name server says only what can be a peer counts: it may be mistaken, or worse, and
 * what it says may be better later, so that is no refusal for good.
 */
async function addressesOf(
  host: EndpointHost,
  field: string,
  resolver: NameResolver,
): Promise<readonly IpAddress[] | null> {
  if (host.kind === 'auto') return null;
  if (host.kind === 'address') return [host.address];
  const found = await resolver.lookup(host.name).catch((error: unknown) => {
    // Which end the name stands for is known here alone.
    if (!(error instanceof IpsecError)) throw error;
    throw new IpsecError(error.code, error.message, { ...error.details, field }, error);
  });
  const usable = found.filter(isOfAnotherMachine);
  if (usable.length > 0) return usable;
  throw unresolved(`the name ${host.name} leads to ${found.join(', ')}: that is no address of another machine`, field);
}

function isOfAnotherMachine(address: IpAddress): boolean {
  return ![isLoopback, isMulticast, isUnspecified, isBroadcast].some((isNone) => isNone(address));
}

type BothHosts = { readonly local: string; readonly peer: string; readonly isGiven: boolean };

async function choose(
  locals: readonly IpAddress[] | null,
  peers: readonly IpAddress[],
  resolver: NameResolver,
  { local, peer, isGiven }: BothHosts,
): Promise<{ readonly localAddress: IpAddress; readonly peerAddress: IpAddress }> {
  let refusal: IpsecError | null = null;
  for (const peerAddress of peers) {
    try {
      const localAddress = await localTowards(peerAddress, locals, resolver);
      if (localAddress === null) continue;
      if (localAddress !== peerAddress || isGiven) return { localAddress, peerAddress };
      const way = peer === peerAddress ? `${peer} is` : `the name ${peer} leads to ${peerAddress}, which is`;
      refusal ??= unresolved(`${way} an address of this machine itself`, 'peer.host');
    } catch (error) {
      // The way to another address of the same name may be open.
      if (!(error instanceof IpsecError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? unresolved(`${local} and ${peer} have no addresses of one IP version`, 'peer.host');
}

/** The address of this end towards one of the other; null where none fits. */
async function localTowards(
  peer: IpAddress,
  locals: readonly IpAddress[] | null,
  resolver: NameResolver,
): Promise<IpAddress | null> {
  if (locals === null) return resolver.sourceTowards(peer);
  return locals.find((address) => addressFamily(address) === addressFamily(peer)) ?? null;
}

function unresolved(message: string, field: string): IpsecError {
  return new IpsecError('PROFILE_UNRESOLVED', message, { field });
}
