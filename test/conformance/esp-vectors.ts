/**
 * The ESP packets of test/fixtures as jobs for an engine, for suites that the registry has.
 * @module
 */
import { encryptionAlgorithms, integrityAlgorithms } from '#core/crypto/algorithms.ts';
import type { EncryptionAlgorithmName } from '#core/crypto/algorithms.ts';
import { encryptionRow } from '#core/crypto/algorithms.ts';
import { paddingKinds, type TransformSpec } from '#core/crypto/transform.ts';
import { hexBytes, readFixture } from '#test/fixtures/read-fixture.ts';

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
const encryptionNames: Readonly<Record<string, EncryptionAlgorithmName>> = {
  'AES-GCM-16': 'aes-gcm-16',
  'CHACHA20-POLY1305': 'chacha20-poly1305',
  'AES-CBC': 'aes-cbc',
  NULL: 'null',
};

/** Every `esp-packet` of a file of test/fixtures whose suite the registry has. */
export function espVectors(file: 'esp-vectors.json' | 'generated-vectors.json'): readonly EspVector[] {
  const { vectors } = readFixture<{ vectors: VectorRow[] }>(file);
  return vectors.filter((row) => row.level === undefined || row.level === 'esp-packet').flatMap(toVector);
}

function toVector(row: VectorRow): EspVector[] {
  const name = encryptionNames[row.algorithm.encr];
  const integrity = Object.values(integrityAlgorithms).find((entry) => entry.label === row.algorithm.integ);
  if (name === undefined || (integrity === undefined && row.algorithm.integ !== 'NONE')) return [];
  const { hasCounterIv, ivBytes } = encryptionRow(name);
  const spec = {
    encryptionId: encryptionAlgorithms[name].ikeTransformId,
    integrityId: integrity?.ikeTransformId ?? 0,
    key: hexBytes(row.encrKey),
    salt: hexBytes(row.salt),
    integrityKey: hexBytes(row.integKey),
    padding: paddingKinds.sequential,
  };
  return [
    {
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
    },
  ];
}
