import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '#core/base/bytes.ts';
import { internetChecksum } from '#core/ip/checksum.ts';
import {
  emitIpv4Header,
  hasDontFragment,
  hasMoreFragments,
  ipv4Checksum,
  ipv4DestinationAt,
  ipv4FragmentOffset,
  ipv4HeaderBytes,
  ipv4HeaderLength,
  ipv4Identification,
  ipv4Protocol,
  ipv4SourceAt,
  ipv4TimeToLive,
  ipv4Tos,
  ipv4TotalLength,
  ipVersion,
  isIpv4Fragment,
  writeIpv4Checksum,
} from '#core/ip/ipv4.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

const octet = fc.nat(255);
const word = fc.nat(0xffff);
const address = fc.uint8Array({ minLength: 4, maxLength: 4 });
const anyHeader = fc.record({
  tos: octet,
  totalLength: word,
  identification: word,
  hasDontFragment: fc.boolean(),
  timeToLive: octet,
  protocol: octet,
  source: address,
  destination: address,
});

test('reads the fields of a published header', () => {
  const bytes = hexBytes('a5a54500008c234500004032de5bcb007199cb007105');
  assert.equal(ipVersion(bytes, 2), 4);
  assert.equal(ipv4HeaderLength(bytes, 2), 20);
  assert.equal(ipv4Tos(bytes, 2), 0);
  assert.equal(ipv4TotalLength(bytes, 2), 140);
  assert.equal(ipv4Identification(bytes, 2), 0x2345);
  assert.equal(ipv4TimeToLive(bytes, 2), 64);
  assert.equal(ipv4Protocol(bytes, 2), 50);
  assert.equal(ipv4Checksum(bytes, 2), 0xde5b);
  assert.equal(toHex(bytes.slice(2 + ipv4SourceAt, 2 + ipv4SourceAt + 4)), 'cb007199');
  assert.equal(toHex(bytes.slice(2 + ipv4DestinationAt)), 'cb007105');
});

test('emits that header byte for byte, with its checksum', () => {
  const bytes = new Uint8Array(20).fill(0xa5);
  const header = {
    tos: 0,
    totalLength: 140,
    identification: 0x2345,
    hasDontFragment: false,
    timeToLive: 64,
    protocol: 50,
    source: hexBytes('cb007199'),
    destination: hexBytes('cb007105'),
  };
  emitIpv4Header(header, bytes, 0);
  assert.equal(toHex(bytes), '4500008c234500004032de5bcb007199cb007105');
});

test('reads back what it emitted and writes every byte of the header and none beside it', () => {
  fc.assert(
    fc.property(anyHeader, fc.nat(5), (header, offset) => {
      const first = new Uint8Array(offset + 24).fill(0xa5);
      const second = new Uint8Array(offset + 24).fill(0x5a);
      emitIpv4Header(header, first, offset);
      emitIpv4Header(header, second, offset);
      assert.deepEqual(first.slice(offset, offset + 20), second.slice(offset, offset + 20));
      assert.deepEqual(first.slice(0, offset), new Uint8Array(offset).fill(0xa5));
      assert.deepEqual(first.slice(offset + 20), new Uint8Array(4).fill(0xa5));
      const read = {
        tos: ipv4Tos(first, offset),
        totalLength: ipv4TotalLength(first, offset),
        identification: ipv4Identification(first, offset),
        hasDontFragment: hasDontFragment(first, offset),
        timeToLive: ipv4TimeToLive(first, offset),
        protocol: ipv4Protocol(first, offset),
        source: first.slice(offset + ipv4SourceAt, offset + ipv4SourceAt + 4),
        destination: first.slice(offset + ipv4DestinationAt, offset + ipv4DestinationAt + 4),
      };
      assert.deepEqual(read, { ...header });
      assert.equal(internetChecksum(first, offset, ipv4HeaderBytes), 0);
      assert.equal(isIpv4Fragment(first, offset), false);
    }),
  );
});

test('tells first, middle and last fragments from whole packets', () => {
  const flags = (hex: string): [boolean, boolean, number] => {
    const bytes = hexBytes(`45000000abcd${hex}4001000000000000ffffffff`);
    return [hasMoreFragments(bytes, 0), isIpv4Fragment(bytes, 0), ipv4FragmentOffset(bytes, 0)];
  };
  assert.deepEqual(flags('0000'), [false, false, 0]);
  assert.deepEqual(flags('4000'), [false, false, 0]);
  assert.deepEqual(flags('2000'), [true, true, 0]);
  assert.deepEqual(flags('20b9'), [true, true, 1480]);
  assert.deepEqual(flags('1fff'), [false, true, 65528]);
});

test('covers options with a new checksum', () => {
  const bytes = hexBytes('46000018000000004001ffffc0000201c000020294040000');
  writeIpv4Checksum(bytes, 0);
  assert.equal(internetChecksum(bytes, 0, 24), 0);
});
