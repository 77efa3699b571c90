/**
 * What every engine behind `TransformPort` must do, whoever wrote it (core/crypto/transform.ts).
 * Run it with `transformSuite(name, makeEngine)`.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU16, readU32, writeU16 } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import { encryptionRow } from '#core/crypto/algorithms.ts';
import { espHeaderBytes, suiteShape } from '#core/crypto/suite-shape.ts';
import { OpenError, paddingKinds, SealError, SealRow, type TransformPort } from '#core/crypto/transform.ts';
import { internetChecksum } from '#core/ip/checksum.ts';
import { isSequentialPadding, padLength, payloadLength } from '#core/esp/padding.ts';
import { espPacketBytes } from '#core/esp/overhead.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';
import { espVectors, type EspVector } from './esp-vectors.ts';
import { countingBytes, openOne, registrySuites, sealBatch, sealOne, type RegistrySuite } from './transform-job.ts';

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

/** The bytes of a result; an error number fails the test. */
export function sealed(result: Uint8Array | number, what: string): Uint8Array {
  assert.ok(typeof result !== 'number', `${what}: error ${String(result)}`);
  return result;
}

function vectorTests(makeEngine: () => TransformPort): void {
  for (const [file, count] of [
    ['esp-vectors.json', 19],
    ['generated-vectors.json', 35],
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

function integrityTests(makeEngine: () => TransformPort): void {
  test('refuses a packet with any one byte changed, SPI to ICV', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      if (!hasIntegrity(suite)) return;
      const packet = sealed(sealOne(engine, { transform, inner: countingBytes(45, 1), spi: 0x1001 }), suite.label);
      for (let index = 0; index < packet.length; index++) {
        const forged = packet.slice();
        forged[index]! ^= 1 << (index & 7);
        assert.equal(openOne(engine, transform, forged), OpenError.authentication, `${suite.label}, byte ${index}`);
      }
      assert.ok(typeof openOne(engine, transform, packet) !== 'number');
    });
  });

  test('refuses every truncation, for the first reason in the order length, alignment, ICV', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const { ivBytes, icvBytes, blockBytes } = suiteShape(suite.encryption, suite.integrity);
      const packet = sealed(sealOne(engine, { transform, inner: countingBytes(75, 2) }), suite.label);
      const openBlockBytes = encryptionRow(suite.encryption).kind === 'cipher' ? blockBytes : 1;
      for (let length = 0; length < packet.length; length++) {
        const body = length - espHeaderBytes - ivBytes - icvBytes;
        const result = openOne(engine, transform, packet.slice(0, length));
        const what = `${suite.label}, ${length} bytes`;
        if (body < 2) assert.equal(result, OpenError.tooShort, what);
        else if (body % openBlockBytes !== 0) assert.equal(result, OpenError.alignment, what);
        else if (hasIntegrity(suite)) assert.equal(result, OpenError.authentication, what);
        else assert.ok(typeof result !== 'number' && result.length === body, what);
      }
    });
  });

  test('the high word of an extended sequence number is authenticated and not sent (RFC 4303 §2.2.1)', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const job = { transform, inner: countingBytes(64, 3), spi: 0xfedcba98, sequenceLow: 0xffffffff };
      const high = 0x89abcdef;
      const extended = sealed(sealOne(engine, { ...job, sequenceHigh: high, hasEsn: true }), suite.label);
      const plain = sealed(sealOne(engine, { ...job, sequenceHigh: high }), suite.label);
      assert.equal(extended.length, plain.length);
      assert.equal(readU32(extended, 0), 0xfedcba98);
      assert.equal(readU32(extended, 4), 0xffffffff);
      assert.ok(typeof openOne(engine, transform, extended, high) !== 'number', suite.label);
      assert.ok(typeof openOne(engine, transform, plain) !== 'number', suite.label);
      if (!hasIntegrity(suite)) return;
      assert.equal(openOne(engine, transform, extended, high + 1), OpenError.authentication, suite.label);
      assert.equal(openOne(engine, transform, extended), OpenError.authentication, suite.label);
      assert.equal(openOne(engine, transform, plain, high), OpenError.authentication, suite.label);
    });
  });

  test('refuses a packet sealed with another key', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      if (!hasIntegrity(suite)) return;
      const packet = sealed(sealOne(engine, { transform, inner: countingBytes(60, 4) }), suite.label);
      const secret = suite.integrity === null ? 'key' : 'integrityKey';
      const otherKey = suite.spec[secret].slice();
      otherKey[0]! ^= 0x80;
      const other = engine.create({ ...suite.spec, [secret]: otherKey });
      assert.equal(openOne(engine, other, packet), OpenError.authentication, suite.label);
    });
  });
}

function layoutTests(makeEngine: () => TransformPort): void {
  test('opens what it sealed, of the length that the overhead formula says, at many lengths', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const shape = suiteShape(suite.encryption, suite.integrity);
      for (const length of [0, 1, 2, 3, 13, 14, 15, 16, 17, 29, 30, 31, 84, 104, 1280, 1400, 1500, 8192, 9000]) {
        const inner = countingBytes(length, 5);
        const packet = sealed(sealOne(engine, { transform, inner, nextHeader: 41 }), suite.label);
        assert.equal(packet.length, espPacketBytes(length, shape), `${suite.label}, ${length} bytes`);
        const opened = sealed(openOne(engine, transform, packet), suite.label);
        assert.deepEqual(opened.slice(0, length), inner);
        assert.equal(opened[opened.length - 1], 41);
        assert.equal(payloadLength(opened, opened.length, opened.length), length);
        assert.equal(isSequentialPadding(opened, opened.length), true);
      }
    });
  });

  test('pads with zeros or random bytes where the suite says so (RFC 4303 §2.4)', () => {
    for (const padding of [paddingKinds.zero, paddingKinds.random]) {
      const engine = makeEngine();
      for (const suite of registrySuites(padding)) {
        const transform = engine.create(suite.spec);
        // 15 padding bytes where the block is 16: two random paddings are then never alike, in practice.
        const paddings = [0, 1].map((ivLow) => {
          const packet = sealed(sealOne(engine, { transform, inner: countingBytes(15, 6), ivLow }), suite.label);
          const opened = sealed(openOne(engine, transform, packet), suite.label);
          const end = opened.length;
          return opened.slice(end - 2 - padLength(opened, end), end - 2).join();
        });
        if (padding === paddingKinds.zero) assert.match(paddings.join(), /^[0,]*$/, suite.label);
        else if (encryptionRow(suite.encryption).blockBytes === 16)
          assert.notEqual(paddings[0], paddings[1], suite.label);
      }
    }
  });

  test('packs a batch back to back, leaves the source alone, and writes every byte and none behind', () => {
    const engine = makeEngine();
    const suites = registrySuites().filter((suite) => suite.encryption !== 'aes-cbc');
    const jobs = suites.map((suite, index) => ({
      transform: engine.create(suite.spec),
      inner: countingBytes(40 + index * 37, index),
      spi: 0x1000 + index,
      sequenceLow: index,
      ivLow: index,
    }));
    const first = sealBatch(engine, jobs, 1 << 16, 0xa5);
    const second = sealBatch(engine, jobs, 1 << 16, 0x5a);
    let at = 0;
    for (const [index, result] of first.results.entries()) {
      const row = first.rows.subarray(index * SealRow.stride);
      assert.equal(row[SealRow.outOffset], at);
      assert.equal(row[SealRow.outSegmentBytes], row[SealRow.outLength]);
      at += sealed(result, `job ${index}`).length;
    }
    assert.deepEqual(first.destination.slice(0, at), second.destination.slice(0, at));
    assert.ok(first.destination.subarray(at).every((byte) => byte === 0xa5));
    const untouched = sealBatch(idleEngine, jobs);
    assert.deepEqual(first.source, untouched.source);
  });

  test('a CBC IV is fresh for each packet and does not follow from the one before (RFC 3602 §3)', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      if (suite.encryption !== 'aes-cbc') return;
      const job = { transform, inner: countingBytes(20, 7), sequenceLow: 1, ivLow: 1 };
      const { results } = sealBatch(
        engine,
        Array.from({ length: 32 }, () => job),
      );
      const ivs = results.map((result) => sealed(result, suite.label).slice(8, 24));
      assert.equal(new Set(ivs.map((iv) => iv.join())).size, 32, suite.label);
      // A counter would leave most octets alike; 32 random octets take at least 20 values but with odds below 10⁻⁶.
      for (let octet = 0; octet < 16; octet++) assert.ok(new Set(ivs.map((iv) => iv[octet])).size >= 20, suite.label);
    });
  });

  test('completes a partial checksum without touching the source (virtio-net NEEDS_CSUM)', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const inner = countingBytes(61, 8);
      writeU16(inner, 26, 0x1234);
      const packet = sealed(sealOne(engine, { transform, inner, checksum: { start: 20, offset: 6 } }), suite.label);
      const opened = sealed(openOne(engine, transform, packet), suite.label);
      const expected = inner.slice();
      writeU16(expected, 26, internetChecksum(inner, 20, 41) || 0xffff);
      assert.deepEqual(opened.slice(0, 61), expected, suite.label);
      assert.equal(readU16(inner, 26), 0x1234);
    });
  });
}

function refusalTests(makeEngine: () => TransformPort): void {
  test('refuses what does not fit the destination, and the jobs behind it still run', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const small = { transform, inner: countingBytes(20, 9) };
      const length = sealed(sealOne(engine, small), suite.label).length;
      assert.equal(sealed(sealOne(engine, small, length), suite.label).length, length);
      assert.equal(sealOne(engine, small, length - 1), SealError.tooLong, suite.label);
      const { results } = sealBatch(engine, [{ transform, inner: countingBytes(500, 9) }, small], length);
      assert.equal(results[0], SealError.tooLong, suite.label);
      assert.equal(sealed(results[1] ?? Number.NaN, suite.label).length, length);
    });
  });

  test('refuses a packet that would have more than 65535 octets', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      assert.equal(
        sealOne(engine, { transform, inner: new Uint8Array(65535) }, 1 << 17),
        SealError.tooLong,
        suite.label,
      );
      assert.ok(typeof sealOne(engine, { transform, inner: new Uint8Array(65400) }, 1 << 17) !== 'number', suite.label);
    });
  });

  test('refuses a segment count that differs from its own, and a checksum outside the packet', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const inner = countingBytes(60, 10);
      for (const segmentCount of [0, 2, -1]) {
        assert.equal(sealOne(engine, { transform, inner, segmentCount }), SealError.segmentation, suite.label);
      }
      for (const checksum of [
        { start: 20, offset: 40 },
        { start: 60, offset: 6 },
        { start: 0, offset: 6 },
        { start: 20, offset: 7 },
      ]) {
        assert.equal(sealOne(engine, { transform, inner, checksum }), SealError.segmentation, suite.label);
      }
    });
  });

  test('create refuses what it does not run, and says no key byte', () => {
    const engine = makeEngine();
    const gcm = present(registrySuites().find((suite) => suite.encryption === 'aes-gcm-16')).spec;
    const cbc = present(registrySuites().find((suite) => suite.integrity === 'hmac-sha256')).spec;
    const refusals = [
      [{ ...gcm, encryptionId: 3 }, 'ALGORITHM_UNKNOWN'],
      [{ ...gcm, encryptionId: 0 }, 'ALGORITHM_UNKNOWN'],
      [{ ...cbc, integrityId: 1 }, 'ALGORITHM_UNKNOWN'],
      [{ ...gcm, key: new Uint8Array(17).fill(0x5e) }, 'KEY_LENGTH'],
      [{ ...gcm, key: new Uint8Array(0) }, 'KEY_LENGTH'],
      [{ ...gcm, salt: new Uint8Array(3) }, 'KEY_LENGTH'],
      [{ ...cbc, integrityKey: new Uint8Array(31).fill(0x5e) }, 'KEY_LENGTH'],
    ] as const;
    for (const [spec, code] of refusals) {
      assert.throws(
        () => engine.create(spec),
        (error) => error instanceof IpsecError && error.code === code && !JSON.stringify(error).includes('5e5e'),
        `${code} for ${spec.encryptionId}/${spec.integrityId}`,
      );
    }
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

/** Does nothing: what an arena looks like before an engine has run. */
const idleEngine: TransformPort = { create: () => 0, free() {}, seal() {}, open() {} };

function forEachSuite(
  makeEngine: () => TransformPort,
  check: (engine: TransformPort, suite: RegistrySuite, transform: number) => void,
): void {
  const engine = makeEngine();
  for (const suite of registrySuites()) check(engine, suite, engine.create(suite.spec));
}

function hasIntegrity(suite: RegistrySuite): boolean {
  return suite.integrity !== null || encryptionRow(suite.encryption).kind === 'aead';
}

function vectorJob(vector: EspVector, transform: number): Parameters<typeof sealOne>[1] {
  const { inner, spi, sequenceLow, sequenceHigh, hasEsn, nextHeader, iv, ivBytes } = vector;
  const [ivHigh, ivLow] = ivBytes === 0 ? [0, 0] : [readU32(iv, 0), readU32(iv, 4)];
  return { transform, inner, spi, sequenceLow, sequenceHigh, hasEsn, nextHeader, ivHigh, ivLow };
}
