/**
 * What of a profile collides with the machine's networks, with other profiles or with interfaces that are there. Each
 * check is a function over what was found out before; none changes anything or throws.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { IpsecError } from '#core/base/error.ts';
import { suiteShape } from '#core/crypto/suite-shape.ts';
import { largestInnerPacket } from '#core/esp/overhead.ts';
import { addressFamily, withoutZone } from '#core/ip/address.ts';
import { networkPrefix, parsePrefix, prefixContains, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import { isSamePair, type OuterPair } from '#core/ipsecif/outer-pair.ts';
import { checkProfile, innerAddresses, prefixesOf } from '#core/profile/profile-check.ts';
import { profileWarnings } from '#core/profile/profile-warning.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { GatewayStatus } from '#core/tunnel/gateway-status.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import type { MachineAddress } from '#core/tunnel/port/survey-port.ts';
import type { ConflictSeverity } from './preview-words.ts';
import { standingSecrets } from './profile-preview.ts';

/** A conflict. */
export type ProfileConflict = {
  /** The profile's field, as a form names it: `routes.0`. */
  field: string;
  message: string;
  severity: ConflictSeverity;
};

/** What a profile is held against. What the profile itself has in the machine is not among it. */
export type ConflictInput = {
  readonly profile: Profile;
  /** Null: names could not be looked up. */
  readonly outer: OuterPair | null;
  readonly status: Pick<GatewayStatus, 'interfaces' | 'associations'>;
  readonly addresses: readonly MachineAddress[];
  readonly routes: readonly HostRoute[];
  readonly toPeer: HostRoute | null;
  /** MTU of the device towards the peer. */
  readonly outerMtu: number | null;
  readonly otherProfiles: readonly Profile[];
};

/** Every conflict, by field. */
export function findConflicts(input: ConflictInput): ProfileConflict[] {
  const invalid = checkWhole(input.profile);
  // What is malformed cannot be compared.
  if (invalid !== null) return [invalid];
  return [
    ...interfaceConflicts(input),
    ...pairConflicts(input),
    ...spiConflicts(input),
    ...addressConflicts(input),
    ...routeConflicts(input),
    ...networkConflicts(input),
    ...mtuConflicts(input),
    ...profileWarnings(input.profile).map(({ message, hint }) => warning('keys', `${message}: ${hint}`)),
  ];
}

function checkWhole(profile: Profile): ProfileConflict | null {
  try {
    checkProfile(profile, standingSecrets(profile));
    return null;
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    return failure(String(error.details['field'] ?? 'profile'), error.message);
  }
}

function interfaceConflicts({ profile, status, otherProfiles }: ConflictInput): ProfileConflict[] {
  const { interface: name } = profile;
  if (status.interfaces.some((other) => other.name === name)) {
    return [failure('interface', `there is an interface ${name} already`)];
  }
  return otherProfiles
    .filter((other) => other.interface === name && other.name !== profile.name)
    .map((other) => warning('interface', `${name} is the interface of the profile ${other.name} too: one at a time`));
}

/** ipsecif's rule: one outer pair only once, unless link0 is set on one of the two. */
function pairConflicts({ profile, outer, status, addresses, toPeer }: ConflictInput): ProfileConflict[] {
  if (outer === null) return [];
  const sharer = status.interfaces.find(
    ({ tunnel }) => tunnel !== null && tunnel.local === outer.local && tunnel.peer === outer.peer,
  );
  const found: ProfileConflict[] = [];
  if (sharer?.tunnel != null && !profile.flags.link0 && !sharer.link0) {
    found.push(failure('peer.host', `${outer.local} to ${outer.peer} is the tunnel of ${sharer.name}`));
  } else if (sharer?.tunnel != null && isSamePair(sharer.tunnel, outer)) {
    found.push(warning('peer.port', `${sharer.name} has the same outer addresses and ports`));
  }
  if (!addresses.some(({ address }) => address === outer.local)) {
    found.push(warning('local.host', `${outer.local} is no address of this machine now`));
  }
  const itself = addresses.find(({ address }) => address === outer.peer);
  if (itself !== undefined) {
    found.push(failure('peer.host', `${outer.peer} is an address of this machine itself, on ${itself.device}`));
  } else if (toPeer === null) found.push(warning('peer.host', `this machine has no route to ${outer.peer}`));
  return found;
}

/** Inbound associations are told apart by SPI and destination alone (RFC 4301 §4.1). */
function spiConflicts({ profile, outer, status }: ConflictInput): ProfileConflict[] {
  if (outer === null) return [];
  return profile.keys.pairs.flatMap(({ spiIn, spiOut }, index) => {
    const clash = (spi: number, destination: string): boolean =>
      status.associations.some((other) => other.spi === spi && other.destination === destination);
    return [
      ...(clash(spiIn, outer.local) ? [failure(`keys.pairs.${index}.spiIn`, `SPI ${formatSpi(spiIn)} is in use`)] : []),
      ...(clash(spiOut, outer.peer)
        ? [failure(`keys.pairs.${index}.spiOut`, `SPI ${formatSpi(spiOut)} is in use`)]
        : []),
    ];
  });
}

function addressConflicts({ profile, outer, addresses }: ConflictInput): ProfileConflict[] {
  return innerAddresses(profile).flatMap(({ address, prefixLength, peer }, index) => {
    const field = `addresses.${index}`;
    const owner = addresses.find((own) => own.address === address);
    if (owner !== undefined) return [failure(field, `${address} is an address of ${owner.device}`)];
    const prefix = networkPrefix(parsePrefix(`${address}/${prefixLength}`));
    if (outer !== null && (peer === null ? prefixContains(prefix, outer.peer) : peer === outer.peer)) {
      return [failure(field, `the way to ${outer.peer} would lead through the tunnel itself`)];
    }
    if (peer === address)
      return [warning(field, `${address} is the inner address of both ends: packets to it stay here`)];
    if (peer !== null) return [];
    const near = addresses.find((own) => overlap(prefix, prefixOf(own)) && isNetwork(own));
    return near === undefined ? [] : [warning(field, `${prefix} overlaps ${prefixOf(near)} of ${near.device}`)];
  });
}

function routeConflicts({ profile, outer, addresses, routes, toPeer }: ConflictInput): ProfileConflict[] {
  const destinations = prefixesOf(profile, 'routes');
  return destinations.flatMap((destination, index) => {
    const field = `routes.${index}`;
    // A host route to the peer is made where there is a way outside at all.
    if (outer !== null && prefixContains(destination, outer.peer) && toPeer === null) {
      return [failure(field, `the way to ${outer.peer} would lead through the tunnel itself`)];
    }
    if (prefixParts(destination).length === 0) return otherFamily(field, destination, destinations);
    const equal = routes.find((route) => route.destination === destination && route.interface !== profile.interface);
    if (equal !== undefined && equal.kind === 'unicast') {
      const make = equal.metric === 0 ? failure : warning;
      return [make(field, `there is a route to ${destination} through ${equal.interface ?? 'another way'} already`)];
    }
    const near = addresses.find((own) => isNetwork(own) && overlap(destination, prefixOf(own)));
    if (near === undefined) return [];
    return [warning(field, `${destination} overlaps ${prefixOf(near)}, the network of ${near.device}`)];
  });
}

/** Networks at this end must be ones that this machine reaches. */
function networkConflicts({ profile, routes, addresses }: ConflictInput): ProfileConflict[] {
  return prefixesOf(profile, 'networks').flatMap((network, index) => {
    const { address, length } = prefixParts(network);
    const isReached =
      addresses.some((own) => overlap(network, prefixOf(own))) ||
      routes.some(
        ({ destination, kind }) =>
          kind === 'unicast' && prefixParts(destination).length > 0 && prefixContains(destination, address),
      );
    if (isReached || length === 0) return [];
    return [warning(`networks.${index}`, `this machine has no address in ${network} and no route to it`)];
  });
}

/** ESP adds to each packet: what is longer than the outer device takes is sent in fragments, or lost. */
function mtuConflicts({ profile, outer, outerMtu }: ConflictInput): ProfileConflict[] {
  if (outer === null || outerMtu === null) return [];
  const shape = suiteShape(profile.keys.encryption, profile.keys.integrity);
  const encapsulation = { outerFamily: addressFamily(outer.peer), hasUdp: profile.flags.link0 };
  const largest = largestInnerPacket(outerMtu, shape, encapsulation);
  if (profile.mtu <= largest) return [];
  const message = `packets of ${profile.mtu} bytes do not fit the ${outerMtu} bytes of the way to the peer: the largest that do have ${largest}`;
  return [warning('mtu', message)];
}

/** Who sends everything into a tunnel may forget that there are two Internets. */
function otherFamily(field: string, destination: IpPrefix, destinations: readonly IpPrefix[]): ProfileConflict[] {
  const [other, words] = destination === '::/0' ? ['0.0.0.0/0', 'IPv4'] : ['::/0', 'IPv6'];
  if (destinations.some((each) => each === other)) return [];
  const message = `${words} takes its own way, outside of the tunnel; with a route to ${other} it is carried, or refused`;
  return [warning(field, message)];
}

function prefixOf({ address, prefixLength }: MachineAddress): IpPrefix {
  return networkPrefix(parsePrefix(`${withoutZone(address)}/${prefixLength}`));
}

/** Not a single address, nor the loopback or link-local networks, which every machine has. */
function isNetwork(own: MachineAddress): boolean {
  const { address, prefixLength } = own;
  if (prefixLength === (addressFamily(address) === 4 ? 32 : 128)) return false;
  return !/^(127\.|169\.254\.|fe[89ab])/.test(address);
}

function overlap(left: IpPrefix, right: IpPrefix): boolean {
  const [a, b] = [prefixParts(left), prefixParts(right)];
  if (addressFamily(a.address) !== addressFamily(b.address)) return false;
  return a.length <= b.length ? prefixContains(left, b.address) : prefixContains(right, a.address);
}

function failure(field: string, message: string): ProfileConflict {
  return { field, message, severity: 'error' };
}

function warning(field: string, message: string): ProfileConflict {
  return { field, message, severity: 'warning' };
}
