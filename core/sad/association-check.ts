/**
 * What an association must be like to enter the SAD: NetBSD's refusals (key.c) and those of RFC 4301 §4.2, RFC 4303 §5
 * and RFC 8221. Duplicates are the SAD's own business (sad.ts).
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { encryptionRow, integrityRow, type AlgorithmStatus } from '#core/crypto/algorithms.ts';
import { checkSuiteKeys } from '#core/crypto/resolve-suite.ts';
import { addressFamily, isBroadcast, isMulticast, isUnspecified, type IpAddress } from '#core/ip/address.ts';
import { smallestFragmentMtu } from '#core/ip/ipv4-fragment.ts';
import { refuseIkePort } from '#core/esp/ike-port.ts';
import { outerHeaderBytes } from '#core/esp/overhead.ts';
import { checkLifetimes } from './lifetime.ts';
import type { AssociationSpec } from './security-association.ts';
import { parseSpi } from './spi.ts';

/** 65536 packets, the largest window of core/esp/replay-window.ts. */
const largestReplayBytes = 8192;

/**
 * Check everything that does not depend on other associations. With `allowWeak` pass, as they do in NetBSD, whose own
 * tests use them: algorithms that RFC 8221 says not to use, and ESP without integrity, null encryption included.
 * @throws {IpsecError} naming the field at fault.
 */
export function checkAssociation(spec: AssociationSpec, allowWeak: boolean): void {
  checkEndpoints(spec);
  parseSpi(spec.spi);
  checkRange('SA_UNSUPPORTED', 'reqid', spec.reqid, 0xffffffff);
  checkRange('SA_REPLAY_WINDOW', 'replayBytes', spec.replayBytes, largestReplayBytes);
  checkFragmentSize(spec);
  checkLifetimes(spec.lifetimes);
  if (!allowWeak) {
    checkStrength(spec);
    checkIntegrity(spec);
  }
  checkSuiteKeys(spec);
}

/** Whether received packets are authenticated: without that there is no replay check (RFC 4303 §3.4.3). */
export function hasIntegrity(spec: AssociationSpec): boolean {
  return spec.integrity !== null || encryptionRow(spec.encryption).kind === 'aead';
}

function checkEndpoints(spec: AssociationSpec): void {
  const { source, destination, protocol, ports, natOriginal } = spec;
  if (addressFamily(source) !== addressFamily(destination)) {
    throw new IpsecError('ADDRESS_FAMILY_MIXED', `${source} and ${destination} are of different families`, {
      field: 'destination',
    });
  }
  if (natOriginal !== undefined && addressFamily(natOriginal) !== addressFamily(source)) {
    throw new IpsecError('ADDRESS_FAMILY_MIXED', `${source} and ${natOriginal} are of different families`, {
      field: 'natOriginal',
    });
  }
  checkUnicast('source', source);
  checkUnicast('destination', destination);
  if ((protocol === 'esp-udp') !== (ports !== null)) {
    const message = protocol === 'esp' ? 'plain ESP has no UDP ports' : 'ESP in UDP needs both ports';
    throw new IpsecError('SA_UNSUPPORTED', message, { field: 'ports' });
  }
  if (ports === null) return;
  checkPort('source', ports.source);
  checkPort('destination', ports.destination);
}

/** NetBSD takes any number, and drops every packet where no fragment fits (ipsecif.c). */
function checkFragmentSize({ source, protocol, fragmentBytes }: AssociationSpec): void {
  if (fragmentBytes === undefined) return;
  const smallest = outerHeaderBytes({ outerFamily: addressFamily(source), hasUdp: false }) + smallestFragmentMtu;
  if (protocol === 'esp-udp' && fragmentBytes >= smallest && fragmentBytes <= 65535) return;
  const message =
    protocol === 'esp'
      ? 'only ESP in UDP has a fragment size'
      : `fragment size ${fragmentBytes} is not a number from ${smallest} to 65535`;
  throw new IpsecError('SA_FRAGMENT_SIZE', message, { field: 'fragment' });
}

function checkUnicast(field: string, address: IpAddress): void {
  if (!isUnspecified(address) && !isMulticast(address) && !isBroadcast(address)) return;
  throw new IpsecError('ADDRESS_UNUSABLE', `${field} ${address} is not the address of a host`, { field });
}

function checkPort(field: string, port: number): void {
  refuseIkePort(`ports.${field}`, port);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return;
  throw new IpsecError('PORT_RANGE', `${field} port ${port} is not a number from 1 to 65535`, {
    field: `ports.${field}`,
  });
}

function checkRange(code: 'SA_UNSUPPORTED' | 'SA_REPLAY_WINDOW', field: string, value: number, largest: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= largest) return;
  throw new IpsecError(code, `${field} ${value} is not a number from 0 to ${largest}`, { field });
}

/** RFC 8221 §5 and §6. */
function checkStrength({ encryption, integrity }: AssociationSpec): void {
  refuseWeak('encryption', encryption, encryptionRow(encryption));
  if (integrity !== null) refuseWeak('integrity', integrity, integrityRow(integrity));
}

function refuseWeak(
  field: string,
  name: string,
  { weakness, status }: { readonly weakness?: string; readonly status: AlgorithmStatus },
): void {
  if (weakness === undefined) return;
  throw new IpsecError('ALGORITHM_REFUSED', `${name} is refused: ${weakness} (RFC 8221: ${status})`, { field });
}

/** RFC 4301 §4.2 and RFC 4303 §5 for null, RFC 8221 §4 for the others. */
function checkIntegrity(spec: AssociationSpec): void {
  if (hasIntegrity(spec)) return;
  const message =
    encryptionRow(spec.encryption).kind === 'null'
      ? 'neither encryption nor integrity would protect the traffic'
      : `${spec.encryption} alone does not authenticate the traffic`;
  throw new IpsecError('ALGORITHM_INTEGRITY', message, { field: 'integrity' });
}
