/**
 * From the ends that a profile names to the outer addresses of this moment: names are looked up, `auto` is asked of the
 * kernel. Both ends get one IP version: that of an end that is an address, else the first that both have.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, type IpAddress } from '#core/ip/address.ts';
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
  const [locals, peers] = await Promise.all([addressesOf(own, resolver), addressesOf(far, resolver)]);
  const { localAddress, peerAddress } = await choose(locals, peers, resolver, `${local.host} and ${peer.host}`);
  return { local: localAddress, peer: peerAddress, localPort: local.port, peerPort: peer.port };
}

/** Null: whatever fits the other end. */
async function addressesOf(host: EndpointHost, resolver: NameResolver): Promise<readonly IpAddress[] | null> {
  if (host.kind === 'auto') return null;
  return host.kind === 'address' ? [host.address] : resolver.lookup(host.name);
}

async function choose(
  locals: readonly IpAddress[] | null,
  peers: readonly IpAddress[] | null,
  resolver: NameResolver,
  both: string,
): Promise<{ readonly localAddress: IpAddress; readonly peerAddress: IpAddress }> {
  for (const peerAddress of peers ?? []) {
    if (locals === null) return { localAddress: await resolver.sourceTowards(peerAddress), peerAddress };
    const localAddress = locals.find((address) => addressFamily(address) === addressFamily(peerAddress));
    if (localAddress !== undefined) return { localAddress, peerAddress };
  }
  throw new IpsecError('PROFILE_UNRESOLVED', `${both} have no addresses of one IP version`, { field: 'peer.host' });
}
