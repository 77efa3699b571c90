import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suiteShape } from '#core/crypto/suite-shape.ts';
import { ivAt, packetSequence, packetSpi, shortestPacket } from '#core/esp/packet.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

test('reads SPI and sequence number as unsigned numbers', () => {
  const bytes = hexBytes('a5fedcba98ffffffff1011121314151617');
  assert.equal(packetSpi(bytes, 1), 0xfedcba98);
  assert.equal(packetSequence(bytes, 1), 0xffffffff);
  assert.equal(bytes[1 + ivAt], 0x10);
});

test('knows the shortest packet of a suite: header, IV, pad length, next header and ICV', () => {
  assert.equal(shortestPacket(suiteShape('aes-gcm-16', null)), 34);
  assert.equal(shortestPacket(suiteShape('aes-cbc', 'hmac-sha1')), 38);
  assert.equal(shortestPacket(suiteShape('null', 'hmac-sha512')), 42);
  assert.equal(shortestPacket(suiteShape('null', null)), 10);
});
