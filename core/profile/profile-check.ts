/**
 * What the fields of a profile have to do with each other, by the same checks that the interface, the SAD and the
 * registry make: what would be refused when the tunnel comes up is refused when it is saved. Whether an algorithm is
 * strong enough is decided when it comes up, for culvertd may allow weak ones.
 * @module
 */
import { given } from '#core/base/given.ts';
import { IpsecError, type ErrorCode } from '#core/base/error.ts';
import { addressFamily, parseIpAddress } from '#core/ip/address.ts';
import { networkPrefix, parsePrefix, type IpPrefix } from '#core/ip/prefix.ts';
import { checkInnerAddress, type InnerAddress } from '#core/ipsecif/inner-address.ts';
import { parseInterfaceUnit } from '#core/ipsecif/interface.ts';
import { checkOptions, initialOptions, type InterfaceOptions } from '#core/ipsecif/interface-options.ts';
import { checkMtu } from '#core/ipsecif/mtu.ts';
import { checkOuterPair, type OuterPair } from '#core/ipsecif/outer-pair.ts';
import { checkAssociation } from '#core/sad/association-check.ts';
import { autoAddress, parseEndpointHost } from './endpoint.ts';
import { manualAssociations } from './manual-associations.ts';
import type { Profile } from './profile.ts';
import type { ProfileSecrets } from './profile-secrets.ts';

/** Stand for addresses that are not known yet (RFC 5737, RFC 3849). */
const placeholders = {
  4: { local: '192.0.2.1', peer: '198.51.100.1' },
  6: { local: '2001:db8::1', peer: '2001:db8::2' },
} as const;

/**
 * Check a profile with its secrets.
 * @throws {IpsecError} naming the field at fault, as a path into the profile or below `secrets`.
 */
export function checkProfile(profile: Profile, secrets: ProfileSecrets): void {
  at('interface', () => parseInterfaceUnit(profile.interface));
  at('mtu', () => checkMtu(profile.mtu));
  at('options', () => checkOptions(interfaceOptions(profile)));
  const outer = checkEndpoints(profile);
  checkUnique(
    'addresses',
    profile.addresses.map(({ address }) => at('addresses', () => parseIpAddress(address))),
  );
  innerAddresses(profile).forEach((inner, index) => at(`addresses.${index}`, () => checkInnerAddress(inner)));
  checkUnique('routes', prefixesOf(profile, 'routes'));
  checkUnique('networks', prefixesOf(profile, 'networks'));
  checkPairs(profile);
  checkSecrets(profile, secrets, outer);
}

/** The inner addresses, read. @throws {IpsecError} `ADDRESS_SYNTAX`. */
export function innerAddresses({ addresses }: Profile): InnerAddress[] {
  return addresses.map(({ address, prefixLength, peer }, index) =>
    at(`addresses.${index}`, () => ({
      address: parseIpAddress(address),
      prefixLength,
      peer: peer === null ? null : parseIpAddress(peer),
    })),
  );
}

/** All options of the interface: the profile's, and a fresh interface's where it says nothing. */
export function interfaceOptions({ options }: Profile): InterfaceOptions {
  return { ...initialOptions, ...given(options) };
}

/** Routes or networks, read; bits behind the length are zero. @throws {IpsecError} `ADDRESS_SYNTAX`, `PREFIX_SYNTAX`. */
export function prefixesOf(profile: Profile, what: 'routes' | 'networks'): IpPrefix[] {
  return profile[what].map((text, index) => at(`${what}.${index}`, () => networkPrefix(parsePrefix(text))));
}

/** The outer pair of a profile whose ends are both addresses; null where a name or `auto` has to be looked up. */
export function literalPair({ local, peer }: Profile): OuterPair | null {
  const own = parseEndpointHost(local.host, 'local.host');
  const far = parseEndpointHost(peer.host, 'peer.host');
  if (own.kind !== 'address' || far.kind !== 'address') return null;
  return { local: own.address, peer: far.address, localPort: local.port, peerPort: peer.port };
}

/** Checks both ends; gives them with placeholders for what is not known yet. */
function checkEndpoints({ local, peer, flags }: Profile): OuterPair {
  const own = parseEndpointHost(local.host, 'local.host');
  const far = parseEndpointHost(peer.host, 'peer.host');
  if (far.kind === 'auto') fail('ADDRESS_SYNTAX', `the peer cannot be "${autoAddress}"`, 'peer.host');
  if (!flags.link0 && (local.port !== 0 || peer.port !== 0)) {
    const field = local.port === 0 ? 'peer.port' : 'local.port';
    fail('TUNNEL_PORT_WITHOUT_NAT_T', 'ports are given without link0', field);
  }
  const literal = own.kind === 'address' ? own.address : far.kind === 'address' ? far.address : null;
  const stand = placeholders[literal === null ? 4 : addressFamily(literal)];
  const pair: OuterPair = {
    local: own.kind === 'address' ? own.address : parseIpAddress(stand.local),
    peer: far.kind === 'address' ? far.address : parseIpAddress(stand.peer),
    localPort: local.port,
    peerPort: peer.port,
  };
  checkOuterPair(pair);
  return pair;
}

/** NetBSD's policies have a reqid for each inner family, and under link0 none. */
function checkPairs({ flags, keys }: Profile): void {
  const carried = keys.pairs.map(({ carries }) => carries);
  checkUnique('keys.pairs', carried);
  if (flags.link0 && (carried.length !== 1 || carried[0] !== 'any')) {
    const [{ spiOut, spiIn } = { spiOut: 256, spiIn: 257 }] = keys.pairs;
    const instead = JSON.stringify([{ carries: 'any', spiOut, spiIn }]);
    fail('PROFILE_INVALID', `keys.pairs: under link0 one pair carries "any" inner family: ${instead}`, 'keys.pairs');
  }
  if (!flags.link0 && carried.includes('any')) {
    const message = 'keys.pairs: without link0 each inner family, "ipv4" and "ipv6", has a pair of its own';
    fail('PROFILE_INVALID', message, 'keys.pairs');
  }
  if (!flags.link2 && carried.includes('ipv6')) {
    fail('PROFILE_INVALID', 'keys.pairs: without link2 no inner IPv6 is carried', 'keys.pairs');
  }
  checkUnique('keys.pairs', [...keys.pairs.map(({ spiOut }) => spiOut)]);
  checkUnique('keys.pairs', [...keys.pairs.map(({ spiIn }) => spiIn)]);
}

function checkSecrets(profile: Profile, secrets: ProfileSecrets, outer: OuterPair): void {
  if (secrets.pairs.length !== profile.keys.pairs.length) {
    const message = `secrets.pairs: ${profile.keys.pairs.length} pairs of associations need as many pairs of keys`;
    fail('PROFILE_INVALID', message, 'secrets.pairs');
  }
  for (const { spec } of manualAssociations(profile, secrets, outer)) at('keys', () => checkAssociation(spec, true));
}

function checkUnique(field: string, values: readonly (string | number)[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) fail('PROFILE_INVALID', `${field}: ${twice} stands there twice`, field);
}

function fail(code: ErrorCode, message: string, field: string): never {
  throw new IpsecError(code, message, { field });
}

/** Run a check of another folder; its refusal names the field of the profile. */
function at<T>(field: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    const inner = error.details['field'];
    const path = typeof inner === 'string' && inner !== field ? `${field}.${inner}` : field;
    throw new IpsecError(error.code, error.message, { ...error.details, field: path }, error);
  }
}
