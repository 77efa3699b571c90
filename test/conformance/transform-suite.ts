/**
 * What every engine behind `TransformPort` must do, whoever wrote it (core/crypto/transform.ts).
 * Run it with `transformSuite(name, makeEngine)`.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU32 } from '#core/base/bytes.ts';
import { OpenError, paddingKinds, SealError, type TransformPort } from '#core/crypto/transform.ts';
import { payloadLength } from '#core/esp/padding.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';
import { espVectors, type EspVector } from './esp-vectors.ts';
import { integrityTests } from './transform-integrity.ts';
import { countingBytes, openOne, registrySuites, sealBatch, sealed, sealOne } from './transform-job.ts';
import { layoutTests } from './transform-layout.ts';
import { refusalTests } from './transform-refusal.ts';

/** Register the suite for one engine. */
export function transformSuite(name: string, makeEngine: () => TransformPort): void {
  describe(name, () => {
    vectorTests(makeEngine);
    integrityTests(makeEngine);
    layoutTests(makeEngine);
    refusalTests(makeEngine);
    handleTests(makeEngine);
  });
}

function vectorTests(makeEngine: () => TransformPort): void {
  for (const [file, count] of [
    ['esp-vectors.json', 20],
    ['generated-vectors.json', 44],
    ['algorithm-vectors.json', 252],
  ] as const) {
    test(`opens every packet of ${file}`, () => {
      const engine = makeEngine();
      const vectors = espVectors(file);
      assert.equal(vectors.length, count);
      for (const vector of vectors) {
        const transform = engine.create(vector.spec);
        const opened = openOne(engine, transform, vector.packet, vector.hasEsn ? vector.sequenceHigh : undefined);
        assert.deepEqual(opened, vector.plaintext, vector.id);
        engine.free(transform);
      }
    });

    test(`seals the packets of ${file} byte for byte where the IV is given`, () => {
      const engine = makeEngine();
      const vectors = espVectors(file).filter((vector) => vector.hasCounterIv || vector.ivBytes === 0);
      assert.ok(vectors.length > 10);
      for (const vector of vectors) {
        const transform = engine.create(vector.spec);
        assert.deepEqual(sealOne(engine, vectorJob(vector, transform)), vector.packet, vector.id);
        engine.free(transform);
      }
    });
  }

  test('opens GCM ciphertext that is not a multiple of 4: the rule binds the sender (RFC 4303 §2.4)', () => {
    type Association = { spi: string; encrKey: string; salt: string };
    type Fixture = {
      meta: { securityAssociations: Record<string, Association> };
      cases: { id: string; steps: { packet: string; inner?: string }[] }[];
    };
    const fixture = readFixture<Fixture>('negative-vectors.json');
    const { encrKey, salt } = present(fixture.meta.securityAssociations['A']);
    const step = present(fixture.cases.find((entry) => entry.id === 'gcm-not-4-aligned')?.steps[0]);
    const engine = makeEngine();
    const transform = engine.create({
      encryptionId: 20,
      integrityId: 0,
      key: hexBytes(encrKey),
      salt: hexBytes(salt),
      integrityKey: new Uint8Array(0),
      padding: paddingKinds.sequential,
    });
    const opened = sealed(openOne(engine, transform, hexBytes(step.packet).slice(20)), 'open');
    assert.equal(opened.length, 45);
    assert.deepEqual(opened.slice(0, payloadLength(opened, 45, 45)), hexBytes(present(step.inner)));
  });
}

function handleTests(makeEngine: () => TransformPort): void {
  test('a freed handle fails its jobs, never comes back, and leaves the others alone', () => {
    const engine = makeEngine();
    const [suite, other] = registrySuites().filter((entry) => entry.encryption === 'aes-gcm-16');
    const stale = engine.create(present(suite).spec);
    const live = engine.create(present(other).spec);
    const packet = sealed(sealOne(engine, { transform: stale, inner: countingBytes(40, 11) }), 'stale');
    engine.free(stale);
    engine.free(stale);
    const fresh = Array.from({ length: 64 }, () => engine.create(present(suite).spec));
    assert.equal(fresh.includes(stale), false);
    assert.equal(new Set(fresh).size, 64);
    assert.ok(fresh.every((handle) => Number.isInteger(handle) && handle >= 0 && handle <= 0x7fffffff));
    const inner = countingBytes(40, 11);
    const { results } = sealBatch(engine, [
      { transform: stale, inner },
      { transform: live, inner },
    ]);
    assert.equal(results[0], SealError.noTransform);
    assert.ok(typeof results[1] !== 'number');
    assert.equal(openOne(engine, stale, packet), OpenError.noTransform);
    assert.equal(openOne(engine, -1, packet), OpenError.noTransform);
    assert.equal(openOne(engine, 0x7fffffff, packet), OpenError.noTransform);
    assert.ok(typeof openOne(engine, present(fresh[0]), packet) !== 'number');
    for (const handle of [...fresh, live]) engine.free(handle);
  });

  test('create copies the keys: the caller may wipe its own', () => {
    const engine = makeEngine();
    for (const suite of registrySuites()) {
      const kept = engine.create(suite.spec);
      const { key, salt, integrityKey } = suite.spec;
      const wiped = engine.create({
        ...suite.spec,
        key: key.slice(),
        salt: salt.slice(),
        integrityKey: integrityKey.slice(),
      });
      const packet = sealed(sealOne(engine, { transform: kept, inner: countingBytes(50, 12) }), suite.label);
      key.fill(0);
      salt.fill(0);
      integrityKey.fill(0);
      assert.deepEqual(openOne(engine, kept, packet), openOne(engine, wiped, packet), suite.label);
      assert.ok(typeof openOne(engine, kept, packet) !== 'number', suite.label);
    }
  });
}

function vectorJob(vector: EspVector, transform: number): Parameters<typeof sealOne>[1] {
  const { inner, spi, sequenceLow, sequenceHigh, hasEsn, nextHeader, iv, ivBytes } = vector;
  const [ivHigh, ivLow] = ivBytes === 0 ? [0, 0] : [readU32(iv, 0), readU32(iv, 4)];
  return { transform, inner, spi, sequenceLow, sequenceHigh, hasEsn, nextHeader, ivHigh, ivLow };
}
