import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EncryptionAlgorithmName, IntegrityAlgorithmName } from '#core/crypto/algorithms.ts';
import { suiteShape, type SuiteShape } from '#core/crypto/suite-shape.ts';
import { espPacketBytes, largestInnerPacket, outerHeaderBytes, outerPacketBytes } from '#core/esp/overhead.ts';
import { present, readFixture } from '#test/fixtures/read-fixture.ts';

type Row = [transform: string, outerFamily: 4 | 6, hasUdp: boolean, outerMtu: number, maxInner: number, number, number];
const { rows } = readFixture<{ rows: Row[] }>('mtu-table.json');

/** Suites of the table; the registry has none with an implicit IV (RFC 8750), whose lengths are written out. */
const shapes: Readonly<Record<string, SuiteShape>> = {
  'AES-GCM-16': suiteShape('aes-gcm-16', null),
  'AES-GCM-12': suiteShape('aes-gcm-12', null),
  'AES-GCM-8': suiteShape('aes-gcm-8', null),
  'CHACHA20-POLY1305': suiteShape('chacha20-poly1305', null),
  'AES-CBC+HMAC-SHA1-96': suiteShape('aes-cbc', 'hmac-sha1'),
  'AES-CBC+HMAC-SHA2-256-128': suiteShape('aes-cbc', 'hmac-sha256'),
  'AES-CBC+HMAC-SHA2-384-192': suiteShape('aes-cbc', 'hmac-sha384'),
  'AES-CBC+HMAC-SHA2-512-256': suiteShape('aes-cbc', 'hmac-sha512'),
  'NULL+HMAC-SHA2-256-128': suiteShape('null', 'hmac-sha256'),
  'AES-GCM-16-IIV (RFC 8750)': { ivBytes: 0, icvBytes: 16, blockBytes: 4 },
};

test('finds the largest inner packet of every row of the table', () => {
  assert.equal(rows.length, 200);
  for (const [transform, outerFamily, hasUdp, outerMtu, maxInner, mssV4, mssV6] of rows) {
    const shape = present(shapes[transform], transform);
    const encapsulation = { outerFamily, hasUdp };
    const largest = largestInnerPacket(outerMtu, shape, encapsulation);
    assert.equal(largest, maxInner, JSON.stringify([transform, outerFamily, hasUdp, outerMtu]));
    assert.ok(outerPacketBytes(maxInner, shape, encapsulation) <= outerMtu);
    assert.ok(outerPacketBytes(maxInner + 1, shape, encapsulation) > outerMtu);
    // IPv4 and IPv6 header with a TCP header each.
    assert.deepEqual([largest - 40, largest - 60], [mssV4, mssV6]);
  }
});

test("gives the outer sizes that NetBSD's tunnels show", () => {
  const size = (inner: number, encryption: EncryptionAlgorithmName, integrity: IntegrityAlgorithmName | null): number =>
    outerPacketBytes(inner, suiteShape(encryption, integrity), { outerFamily: 4, hasUdp: false });
  assert.equal(size(84, 'aes-cbc', 'hmac-sha1'), 152);
  assert.equal(size(84, 'aes-cbc', null), 140);
  assert.equal(size(104, 'aes-cbc', 'hmac-sha1'), 168);
  assert.equal(size(1280, 'aes-cbc', 'hmac-sha1'), 1352);
  assert.equal(size(84, '3des-cbc', 'hmac-sha1'), 136);
  assert.equal(size(84, 'camellia-cbc', 'aes-xcbc-mac'), 152);
  assert.equal(size(84, 'aes-gmac', null), 140);
  assert.equal(size(84, 'aes-ccm-16', null), 140);
  assert.equal(size(84, 'aes-ctr', null), 124);
  assert.equal(size(84, 'null', 'aes-cmac'), 128);
});

test('counts the headers in front of ESP', () => {
  assert.equal(outerHeaderBytes({ outerFamily: 4, hasUdp: false }), 20);
  assert.equal(outerHeaderBytes({ outerFamily: 4, hasUdp: true }), 28);
  assert.equal(outerHeaderBytes({ outerFamily: 6, hasUdp: false }), 40);
  assert.equal(outerHeaderBytes({ outerFamily: 6, hasUdp: true }), 48);
});

test('the ciphertext is whole blocks with room for the trailer', () => {
  const names = fc.constantFrom(...Object.values(shapes));
  fc.assert(
    fc.property(names, fc.nat(65000), (shape, inner) => {
      const body = espPacketBytes(inner, shape) - 8 - shape.ivBytes - shape.icvBytes;
      assert.equal(body % shape.blockBytes, 0);
      assert.ok(body >= inner + 2 && body < inner + 2 + shape.blockBytes);
    }),
  );
});

test('no packet at all fits an MTU below the overhead', () => {
  assert.equal(largestInnerPacket(40, suiteShape('aes-gcm-16', null), { outerFamily: 4, hasUdp: false }), 0);
});
