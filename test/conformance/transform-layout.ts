/**
 * Part of the conformance suite of engines: what sealed packets look like.
 * Run it through transform-suite.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readU16, writeU16 } from '#core/base/bytes.ts';
import { encryptionRow } from '#core/crypto/algorithms.ts';
import { suiteShape } from '#core/crypto/suite-shape.ts';
import { paddingKinds, SealError, SealRow, type TransformPort } from '#core/crypto/transform.ts';
import { espPacketBytes } from '#core/esp/overhead.ts';
import { isSequentialPadding, padLength, payloadLength } from '#core/esp/padding.ts';
import { internetChecksum } from '#core/ip/checksum.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import {
  countingBytes,
  forEachSuite,
  hasRandomIv,
  openOne,
  registrySuites,
  sealBatch,
  sealed,
  sealOne,
} from './transform-job.ts';

/** Register the tests. */
export function layoutTests(makeEngine: () => TransformPort): void {
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
        // 15 padding bytes where the block is 16, 7 where it is 8: two random paddings are never alike, in practice.
        const paddings = [0, 1].map((ivLow) => {
          const packet = sealed(sealOne(engine, { transform, inner: countingBytes(15, 6), ivLow }), suite.label);
          const opened = sealed(openOne(engine, transform, packet), suite.label);
          const end = opened.length;
          return opened.slice(end - 2 - padLength(opened, end), end - 2).join();
        });
        if (padding === paddingKinds.zero) assert.match(paddings.join(), /^[0,]*$/, suite.label);
        else if (encryptionRow(suite.encryption).blockBytes >= 8)
          assert.notEqual(paddings[0], paddings[1], suite.label);
      }
    }
  });

  test('puts zeros behind the inner packet up to a multiple, or to a limit (RFC 4303 §2.7)', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const shape = suiteShape(suite.encryption, suite.integrity);
      for (const [length, multiple, limit, padded] of tfcCases) {
        const inner = countingBytes(length, 9);
        const what = `${suite.label}, ${length} bytes to ${padded}`;
        const packet = sealed(sealOne(engine, { transform, inner, tfc: { multiple, limit } }), what);
        assert.equal(packet.length, espPacketBytes(padded, shape), what);
        const opened = sealed(openOne(engine, transform, packet), what);
        assert.equal(payloadLength(opened, opened.length, opened.length), padded, what);
        assert.equal(isSequentialPadding(opened, opened.length), true, what);
        assert.deepEqual(
          opened.slice(0, padded),
          Uint8Array.from([...inner, ...new Uint8Array(padded - length)]),
          what,
        );
      }
    });
  });

  test('refuses padding of a negative number of bytes', () => {
    const engine = makeEngine();
    const transform = engine.create(present(registrySuites()[0]).spec);
    for (const tfc of [
      { multiple: -1, limit: 100 },
      { multiple: 8, limit: -1 },
    ])
      assert.equal(sealOne(engine, { transform, inner: countingBytes(40, 1), tfc }), SealError.segmentation);
  });

  test('packs a batch back to back, leaves the source alone, and writes every byte and none behind', () => {
    const engine = makeEngine();
    const suites = registrySuites().filter((suite) => !hasRandomIv(suite));
    const jobs = suites.map((suite, index) => ({
      transform: engine.create(suite.spec),
      inner: countingBytes(40 + index * 23, index),
      spi: 0x1000 + index,
      sequenceLow: index,
      ivLow: index,
    }));
    const first = sealBatch(engine, jobs, 1 << 17, 0xa5);
    const second = sealBatch(engine, jobs, 1 << 17, 0x5a);
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
      if (!hasRandomIv(suite)) return;
      const { ivBytes } = encryptionRow(suite.encryption);
      const job = { transform, inner: countingBytes(20, 7), sequenceLow: 1, ivLow: 1 };
      const { results } = sealBatch(
        engine,
        Array.from({ length: 32 }, () => job),
      );
      const ivs = results.map((result) => sealed(result, suite.label).slice(8, 8 + ivBytes));
      assert.equal(new Set(ivs.map((iv) => iv.join())).size, 32, suite.label);
      // A counter would leave most octets alike; 32 random octets take at least 20 values but with odds below 10⁻⁶.
      for (let octet = 0; octet < ivBytes; octet++)
        assert.ok(new Set(ivs.map((iv) => iv[octet])).size >= 20, suite.label);
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

/** Length, multiple, limit, and what comes of them. */
const tfcCases = [
  [20, 0, 0, 20],
  [0, 64, 1280, 0],
  [1, 64, 1280, 64],
  [64, 64, 1280, 64],
  [65, 64, 1280, 128],
  [100, 8192, 1280, 1280],
  [1270, 64, 1275, 1275],
  [1300, 64, 1280, 1300],
] as const;

/** Does nothing: what an arena looks like before an engine has run. */
const idleEngine: TransformPort = { create: () => 0, free() {}, seal() {}, open() {} };
