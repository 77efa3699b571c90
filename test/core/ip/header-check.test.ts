import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkIpHeader, HeaderCheck, ipPacketLength } from '#core/ip/header-check.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

const ipv4 = hexBytes('4500001c123440003f11d463c633640ac63364c80000000000000000');
const ipv6 = hexBytes(
  '600abcde0008113f20010db8000a0000000000000000001020010db8000b000000000000000000200000000000000000',
);

function changed(bytes: Uint8Array, index: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[index] = value;
  return copy;
}

test('accepts good packets, and padding behind them (RFC 4303 §2.7)', () => {
  assert.equal(checkIpHeader(ipv4, 0, 28, 4), HeaderCheck.valid);
  assert.equal(checkIpHeader(ipv4, 0, 28, 0), HeaderCheck.valid);
  assert.equal(checkIpHeader(ipv6, 0, 48, 6), HeaderCheck.valid);
  assert.equal(checkIpHeader(ipv6, 0, 48, 0), HeaderCheck.valid);
  assert.equal(checkIpHeader(Uint8Array.of(...ipv4, 0, 0, 0), 0, 31, 4), HeaderCheck.valid);
  assert.equal(ipPacketLength(Uint8Array.of(...ipv4, 0, 0, 0), 0), 28);
  assert.equal(ipPacketLength(ipv6, 0), 48);
});

test('finds every truncation', () => {
  for (let length = 0; length < 28; length++)
    assert.equal(checkIpHeader(ipv4, 0, length, 4), HeaderCheck.short, `${length}`);
  for (let length = 0; length < 48; length++)
    assert.equal(checkIpHeader(ipv6, 0, length, 6), HeaderCheck.short, `${length}`);
});

test('finds a version that is none, or not the one asked for', () => {
  assert.equal(checkIpHeader(ipv4, 0, 28, 6), HeaderCheck.version);
  assert.equal(checkIpHeader(ipv6, 0, 48, 4), HeaderCheck.version);
  assert.equal(checkIpHeader(changed(ipv4, 0, 0x55), 0, 28, 0), HeaderCheck.version);
});

test('finds impossible lengths (RFC 791 §3.1)', () => {
  assert.equal(checkIpHeader(changed(ipv4, 0, 0x44), 0, 28, 4), HeaderCheck.malformed);
  assert.equal(checkIpHeader(changed(ipv4, 3, 19), 0, 28, 4), HeaderCheck.malformed);
  assert.equal(checkIpHeader(changed(ipv4, 0, 0x4f), 0, 28, 4), HeaderCheck.malformed);
});

test('finds a wrong IPv4 checksum', () => {
  for (const index of [1, 4, 8, 9, 11, 12, 19]) {
    assert.equal(checkIpHeader(changed(ipv4, index, ipv4[index]! ^ 0x10), 0, 28, 4), HeaderCheck.checksum, `${index}`);
  }
});

test('reads no byte behind the length and never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom<0 | 4 | 6>(0, 4, 6), (bytes, version) => {
      const roomy = new Uint8Array(bytes.length + 80).fill(0xa5);
      roomy.set(bytes);
      const exact = checkIpHeader(bytes, 0, bytes.length, version);
      assert.equal(checkIpHeader(roomy, 0, bytes.length, version), exact);
      if (exact === HeaderCheck.valid) assert.ok(ipPacketLength(bytes, 0) <= bytes.length);
    }),
    { numRuns: 1000 },
  );
});
