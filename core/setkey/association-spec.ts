/**
 * From `add` and `update` statements to what the SAD takes. What the grammar knows and Culvert does not carry is
 * refused here, with a reason; the SAD itself checks lengths, ranges and combinations.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import {
  findEncryptionAlgorithm,
  findIntegrityAlgorithm,
  refusedAlgorithms,
  type EncryptionAlgorithmName,
  type IntegrityAlgorithmName,
} from '#core/crypto/algorithms.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import { unlimited } from '#core/sad/lifetime.ts';
import type { AssociationProtocol, AssociationSpec } from '#core/sad/security-association.ts';
import { parseSpi } from '#core/sad/spi.ts';
import { nullIntegrity } from '#core/setkey/reading/algorithm-parser.ts';
import type { AssociationProtocolWord, AssociationStatement, KeyedAlgorithm } from './syntax.ts';

/** What the statement asks the SAD for. @throws {IpsecError} `SA_UNSUPPORTED`, `SPI_RESERVED`, `ALGORITHM_*`. */
export function toAssociationSpec(statement: AssociationStatement): AssociationSpec {
  const protocol = toAssociationProtocol(statement.protocol);
  if (protocol === null) refuse(`protocol ${statement.protocol} is not supported`, 'protocol');
  refuseOptions(statement);
  const { source, destination, options, integrity, natOriginal } = statement;
  return {
    source: source.address,
    destination: destination.address,
    protocol,
    ports: portsOf(statement, protocol),
    ...(natOriginal === null ? {} : { natOriginal }),
    ...(options.fragmentBytes === 0 ? {} : { fragmentBytes: options.fragmentBytes }),
    spi: parseSpi(statement.spi),
    mode: options.mode,
    reqid: options.reqid,
    replayBytes: options.replayBytes,
    padding: options.padding,
    isCyclic: options.isCyclic,
    hasEsn: options.hasEsn,
    encryption: encryptionName(statement.encryption),
    encryptionKey: statement.encryption?.key ?? new KeyMaterial(new Uint8Array(0)),
    integrity: integrityName(integrity),
    integrityKey: integrity?.key ?? null,
    lifetimes: {
      soft: { ...unlimited, addSeconds: options.softSeconds, bytes: options.softBytes },
      hard: { ...unlimited, addSeconds: options.hardSeconds, bytes: options.hardBytes },
    },
  };
}

/** The SAD's protocol for setkey's word; null for what Culvert does not carry. */
export function toAssociationProtocol(word: AssociationProtocolWord): AssociationProtocol | null {
  return word === 'esp' || word === 'esp-udp' ? word : null;
}

function refuseOptions(statement: AssociationStatement): void {
  if (statement.options.context !== null) refuse('a security context (-ctx) is not supported', 'context');
  if (statement.compression !== null) refuse('compression (-C) is not supported', 'compression');
}

function refuse(message: string, field: string): never {
  throw new IpsecError('SA_UNSUPPORTED', message, { field });
}

function portsOf(statement: AssociationStatement, protocol: AssociationProtocol): AssociationSpec['ports'] {
  const source = statement.source.port;
  const destination = statement.destination.port;
  if (protocol === 'esp') return source === 0 && destination === 0 ? null : { source, destination };
  return { source: source || natTPort, destination: destination || natTPort };
}

function encryptionName(algorithm: KeyedAlgorithm | null): EncryptionAlgorithmName {
  if (algorithm === null) {
    throw new IpsecError('ALGORITHM_MISSING', 'no encryption algorithm is given', { field: 'encryption' });
  }
  return findEncryptionAlgorithm(algorithm.name) ?? refuseAlgorithm(algorithm.name, 'encryption');
}

function integrityName(algorithm: KeyedAlgorithm | null): IntegrityAlgorithmName | null {
  if (algorithm === null || algorithm.name === nullIntegrity) return null;
  return findIntegrityAlgorithm(algorithm.name) ?? refuseAlgorithm(algorithm.name, 'integrity');
}

function refuseAlgorithm(name: string, field: string): never {
  const reasons: Readonly<Record<string, string>> = refusedAlgorithms;
  const reason = Object.hasOwn(reasons, name) ? reasons[name] : undefined;
  if (reason === undefined) throw new IpsecError('ALGORITHM_UNKNOWN', `unknown algorithm ${name}`, { field });
  throw new IpsecError('ALGORITHM_REFUSED', `${name} is refused: ${reason}`, { field });
}
