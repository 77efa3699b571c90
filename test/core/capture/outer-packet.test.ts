import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OuterPacket } from '#core/capture/outer-packet.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

const ipv4 = hexBytes('4588002800000000ff110000c0000201c000020211941194001400000000100000000001');
const ipv6 = hexBytes(`6b8000000008322a${'20010db8'.repeat(4)}${'20010db9'.repeat(4)}0000100000000001`);

function read(bytes: Uint8Array, family: 4 | 6, offset = 0): OuterPacket {
  const outer = new OuterPacket();
  outer.read(bytes, offset, bytes.length - offset, family);
  return outer;
}

test('addresses, protocol, TOS and payload of a good header are found behind the link layer', () => {
  const frame = Uint8Array.of(9, 9, 9, ...ipv6);
  const { check, isReadable, protocol, tos, sourceAt, destinationAt, payloadAt, payloadLength } = read(frame, 6, 3);
  assert.deepEqual([check, isReadable, protocol, tos], [HeaderCheck.valid, true, 50, 0xb8]);
  assert.deepEqual([sourceAt, destinationAt, payloadAt, payloadLength], [11, 27, 43, 8]);
});

test('of a header with a wrong checksum all can be told, and what is wrong', () => {
  const { check, isReadable, protocol, payloadAt, payloadLength } = read(ipv4, 4);
  assert.deepEqual([check, isReadable, protocol, payloadAt, payloadLength], [HeaderCheck.short, true, 17, 20, 20]);
  const whole = Uint8Array.of(...ipv4, 0, 0, 0, 0);
  assert.equal(read(whole, 4).check, HeaderCheck.checksum);
});

test('a header that is cut or of another version cannot be read', () => {
  for (const bytes of [ipv4.subarray(0, 19), new Uint8Array(0), ipv6]) assert.equal(read(bytes, 4).isReadable, false);
  for (const bytes of [ipv6.subarray(0, 39), ipv4]) assert.equal(read(bytes, 6).isReadable, false);
});

test('a later fragment with a broken header is still one', () => {
  const fragment = ipv4.slice();
  fragment[7] = 5;
  const { isFragment, isLaterFragment } = read(fragment, 4);
  assert.deepEqual([isFragment, isLaterFragment], [true, true]);
});

test('one object serves packet after packet', () => {
  const outer = read(ipv6, 6);
  const fragment = hexBytes(
    `60000000001032c0${'20010db8'.repeat(8)}`.replace('32c0', '2cff') + '3200000000000001'.repeat(2),
  );
  outer.read(fragment, 0, fragment.length, 6);
  assert.deepEqual([outer.protocol, outer.isFragment, outer.payloadAt], [50, false, 48]);
  outer.read(ipv4, 0, 3, 4);
  assert.equal(outer.isReadable, false);
});
