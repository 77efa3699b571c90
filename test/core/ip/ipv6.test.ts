import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ipVersion } from '#core/ip/ipv4.ts';
import {
  emitIpv6Header,
  ipv6DestinationAt,
  ipv6FlowLabel,
  ipv6HeaderBytes,
  ipv6HopLimit,
  ipv6NextHeader,
  ipv6PayloadLength,
  ipv6SourceAt,
  ipv6TrafficClass,
  writeIpv6TrafficClass,
} from '#core/ip/ipv6.ts';
import { toHex } from '#core/base/bytes.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

const octet = fc.nat(255);
const address = fc.uint8Array({ minLength: 16, maxLength: 16 });
const anyHeader = fc.record({
  trafficClass: octet,
  flowLabel: fc.nat(0xfffff),
  payloadLength: fc.nat(0xffff),
  nextHeader: octet,
  hopLimit: octet,
  source: address,
  destination: address,
});

test('reads the fields of a header whose traffic class straddles two octets', () => {
  const bytes = hexBytes('a56b8fabcd0008113f20010db8000a0000000000000000001020010db8000b00000000000000000020');
  assert.equal(ipVersion(bytes, 1), 6);
  assert.equal(ipv6TrafficClass(bytes, 1), 0xb8);
  assert.equal(ipv6FlowLabel(bytes, 1), 0xfabcd);
  assert.equal(ipv6PayloadLength(bytes, 1), 8);
  assert.equal(ipv6NextHeader(bytes, 1), 17);
  assert.equal(ipv6HopLimit(bytes, 1), 63);
  assert.equal(toHex(bytes.slice(1 + ipv6SourceAt, 1 + ipv6SourceAt + 4)), '20010db8');
});

test('reads back what it emitted and writes every byte of the header and none beside it', () => {
  fc.assert(
    fc.property(anyHeader, fc.nat(5), (header, offset) => {
      const first = new Uint8Array(offset + 44).fill(0xa5);
      const second = new Uint8Array(offset + 44).fill(0x5a);
      emitIpv6Header(header, first, offset);
      emitIpv6Header(header, second, offset);
      const end = offset + ipv6HeaderBytes;
      assert.deepEqual(first.slice(offset, end), second.slice(offset, end));
      assert.deepEqual(first.slice(0, offset), new Uint8Array(offset).fill(0xa5));
      assert.deepEqual(first.slice(end), new Uint8Array(4).fill(0xa5));
      const read = {
        trafficClass: ipv6TrafficClass(first, offset),
        flowLabel: ipv6FlowLabel(first, offset),
        payloadLength: ipv6PayloadLength(first, offset),
        nextHeader: ipv6NextHeader(first, offset),
        hopLimit: ipv6HopLimit(first, offset),
        source: first.slice(offset + ipv6SourceAt, offset + ipv6SourceAt + 16),
        destination: first.slice(offset + ipv6DestinationAt, offset + ipv6DestinationAt + 16),
      };
      assert.deepEqual(read, { ...header });
      assert.equal(ipVersion(first, offset), 6);
    }),
  );
});

test('a new traffic class leaves version and flow label', () => {
  fc.assert(
    fc.property(anyHeader, octet, (header, trafficClass) => {
      const changed = new Uint8Array(40);
      emitIpv6Header(header, changed, 0);
      writeIpv6TrafficClass(changed, 0, trafficClass);
      const expected = new Uint8Array(40);
      emitIpv6Header({ ...header, trafficClass }, expected, 0);
      assert.deepEqual(changed, expected);
    }),
  );
});
