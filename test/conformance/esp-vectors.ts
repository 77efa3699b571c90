/**
 * The ESP packets of test/fixtures as jobs for an engine.
 * @module
 */
import assert from 'node:assert/strict';
import { encryptionRow, integrityRow } from '#core/crypto/algorithms.ts';
import type { EncryptionAlgorithmName, IntegrityAlgorithmName } from '#core/crypto/algorithms.ts';
import { paddingKinds, type TransformSpec } from '#core/crypto/transform.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';

/** One packet with everything that sealing or opening it needs. */
export type EspVector = {
  readonly id: string;
  readonly spec: TransformSpec;
  readonly hasCounterIv: boolean;
  readonly ivBytes: number;
  readonly spi: number;
  readonly sequenceLow: number;
  readonly sequenceHigh: number;
  readonly hasEsn: boolean;
  readonly iv: Uint8Array;
  readonly inner: Uint8Array;
  readonly nextHeader: number;
  readonly plaintext: Uint8Array;
  readonly packet: Uint8Array;
};

type VectorRow = {
  id: string;
  level?: string;
  algorithm: { encr: string; integ: string };
  spi: string;
  seqLow: string;
  esn: boolean;
  seqHigh: string | null;
  encrKey: string;
  salt: string;
  integKey: string;
  iv: string;
  payload?: string;
  innerPacket?: string;
  nextHeader: number;
  plaintext: string;
  espPacket: string;
};

/** The vector files' names of encryption algorithms. */
export const encryptionNames: Readonly<Record<string, EncryptionAlgorithmName>> = {
  'AES-GCM-16': 'aes-gcm-16',
  'AES-GCM-12': 'aes-gcm-12',
  'AES-GCM-8': 'aes-gcm-8',
  'CHACHA20-POLY1305': 'chacha20-poly1305',
  'AES-CCM-16': 'aes-ccm-16',
  'NULL-AES-GMAC': 'aes-gmac',
  'AES-CBC': 'aes-cbc',
  'AES-CTR': 'aes-ctr',
  'CAMELLIA-CBC': 'camellia-cbc',
  '3DES-CBC': '3des-cbc',
  NULL: 'null',
};

/** The vector files' names of integrity algorithms, of pseudorandom functions too; null for none. */
export const integrityNames: Readonly<Record<string, IntegrityAlgorithmName | null>> = {
  NONE: null,
  'HMAC-SHA1': 'hmac-sha1',
  'HMAC-SHA1-96': 'hmac-sha1',
  'HMAC-SHA2-256': 'hmac-sha256',
  'HMAC-SHA2-256-128': 'hmac-sha256',
  'HMAC-SHA2-384': 'hmac-sha384',
  'HMAC-SHA2-384-192': 'hmac-sha384',
  'HMAC-SHA2-512': 'hmac-sha512',
  'HMAC-SHA2-512-256': 'hmac-sha512',
  'AES-XCBC-96': 'aes-xcbc-mac',
  'AES-CMAC-96': 'aes-cmac',
};

/** The files of test/fixtures that hold ESP packets. */
export const espVectorFiles = ['esp-vectors.json', 'generated-vectors.json', 'algorithm-vectors.json'] as const;

/** Every ESP packet of a file. */
export function espVectors(file: (typeof espVectorFiles)[number]): readonly EspVector[] {
  const { vectors } = readFixture<{ vectors: VectorRow[] }>(file);
  return vectors.filter((row) => row.level === undefined || row.level === 'esp-packet').map(toVector);
}

function toVector(row: VectorRow): EspVector {
  const name = present(encryptionNames[row.algorithm.encr], row.algorithm.encr);
  const integrityName = integrityNames[row.algorithm.integ];
  assert.ok(integrityName !== undefined, row.algorithm.integ);
  const integrity = integrityName === null ? null : integrityRow(integrityName);
  const { hasCounterIv, ivBytes } = encryptionRow(name);
  const spec = {
    encryptionId: encryptionRow(name).ikeTransformId,
    integrityId: integrity?.ikeTransformId ?? 0,
    key: hexBytes(row.encrKey),
    salt: hexBytes(row.salt),
    integrityKey: hexBytes(row.integKey),
    padding: paddingKinds.sequential,
  };
  return {
    id: row.id,
    spec,
    hasCounterIv,
    ivBytes,
    spi: parseInt(row.spi, 16),
    sequenceLow: parseInt(row.seqLow, 16),
    sequenceHigh: parseInt(row.seqHigh ?? '0', 16),
    hasEsn: row.esn,
    iv: hexBytes(row.iv),
    inner: hexBytes(row.payload ?? row.innerPacket ?? ''),
    nextHeader: row.nextHeader,
    plaintext: hexBytes(row.plaintext),
    packet: hexBytes(row.espPacket),
  };
}
