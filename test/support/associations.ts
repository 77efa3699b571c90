/**
 * Associations for tests: AES-CBC with HMAC-SHA2-256 unless told otherwise, keys that differ by one number.
 * @module
 */
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { paddingKinds } from '#core/crypto/transform.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { unlimited, type Lifetime } from '#core/sad/lifetime.ts';
import { neverUsed, type AssociationSpec, type AssociationUsage } from '#core/sad/security-association.ts';
import { parseSpi } from '#core/sad/spi.ts';

/** A key of `length` bytes, all of them `value`. */
export function testKey(length: number, value = 7): KeyMaterial {
  return new KeyMaterial(new Uint8Array(length).fill(value));
}

/** A specification from 192.0.2.1 to 192.0.2.2 with this SPI. */
export function testAssociation(spi: number, changes: Partial<AssociationSpec> = {}): AssociationSpec {
  return {
    source: parseIpAddress('192.0.2.1'),
    destination: parseIpAddress('192.0.2.2'),
    protocol: 'esp',
    ports: null,
    spi: parseSpi(spi),
    mode: 'any',
    reqid: 0,
    replayBytes: 8,
    padding: paddingKinds.sequential,
    isCyclic: true,
    hasEsn: false,
    encryption: 'aes-cbc',
    encryptionKey: testKey(16),
    integrity: 'hmac-sha256',
    integrityKey: testKey(32),
    lifetimes: { soft: unlimited, hard: unlimited },
    ...changes,
  };
}

/** An AES-GCM suite. */
export function gcmSuite(value = 9): Partial<AssociationSpec> {
  return { encryption: 'aes-gcm-16', encryptionKey: testKey(20, value), integrity: null, integrityKey: null };
}

/** Limits, the others unlimited. */
export function testLifetime(limits: Partial<Lifetime>): Lifetime {
  return { ...unlimited, ...limits };
}

/** Never used, unless told otherwise. */
export function testUsage(changes: Partial<AssociationUsage> = {}): AssociationUsage {
  return { ...neverUsed, ...changes };
}
