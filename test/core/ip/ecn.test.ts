import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { internetChecksum } from '#core/ip/checksum.ts';
import {
  applyEcnEgress,
  compatibilityIngressTos,
  EcnEgress,
  egressEcn,
  ecnMask,
  normalIngressTos,
} from '#core/ip/ecn.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { ipv4Tos } from '#core/ip/ipv4.ts';
import { ipv6TrafficClass } from '#core/ip/ipv6.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';

type IngressRow = { inner: number; outer: number };
type EgressRow = { inner: number; outer: number; result: number | string; log: string };
type ByteVector = {
  outerTos: string;
  innerV4Before: string;
  innerV4After: string | null;
  innerV6Before: string;
  innerV6After: string | null;
  verdict: string;
  log: string;
};
type EndToEnd = {
  sender: string;
  receiver: string;
  inner: number;
  outerAtEgress: number | null;
  result: number | string;
};
type Fixture = {
  ingress: Record<string, { rows: IngressRow[] }>;
  egress: Record<string, { rows: EgressRow[] }>;
  rfc6040ByteVectors: ByteVector[];
  endToEnd: EndToEnd[];
};
const fixture = readFixture<Fixture>('ecn.json');

const marks: Record<string, number> = { none: 0, '(!)': EcnEgress.unusual, '(!!!)': EcnEgress.dangerous };

function expectedVerdict({ inner, result, log }: EgressRow): number {
  // CE that was not there before is congestion of the outer network.
  const mark = present(marks[log]) | (result === 3 && inner !== 3 ? EcnEgress.congestion : 0);
  return typeof result === 'number' ? result | mark : EcnEgress.drop | mark;
}

test('ingress copies in normal mode and clears in compatibility mode, DSCP kept in both (RFC 6040 §4.1)', () => {
  const normal = present(fixture.ingress['rfc6040-normal']).rows;
  const compatibility = present(fixture.ingress['rfc6040-compatibility']).rows;
  assert.equal(normal.length + compatibility.length, 8);
  for (const dscp of [0, 0x28, 0xb8, 0xfc]) {
    for (const row of normal) assert.equal(normalIngressTos(dscp | row.inner), dscp | row.outer);
    for (const row of compatibility) assert.equal(compatibilityIngressTos(dscp | row.inner), dscp | row.outer);
  }
});

test('egress agrees with all 16 cells of figure 4, drop and marks included (RFC 6040 §4.2)', () => {
  const rows = present(fixture.egress['rfc6040']).rows;
  assert.equal(rows.length, 16);
  for (const row of rows) {
    const expected = expectedVerdict(row);
    assert.equal(egressEcn(row.inner, row.outer), expected, JSON.stringify(row));
    assert.equal(egressEcn(0xb8 | row.inner, 0x28 | row.outer), expected, 'DSCP is no part of it');
  }
});

test('an inner packet that does not know ECN never becomes one that does (RFC 6040 §4.2)', () => {
  for (let outer = 0; outer < 4; outer++) assert.equal(egressEcn(0, outer) & ecnMask, 0);
});

test('applies all 64 byte vectors to IPv4 and IPv6 headers in place', () => {
  assert.equal(fixture.rfc6040ByteVectors.length, 64);
  for (const vector of fixture.rfc6040ByteVectors) {
    const outer = hexBytes(vector.outerTos)[0]!;
    for (const [before, after] of [
      [vector.innerV4Before, vector.innerV4After],
      [vector.innerV6Before, vector.innerV6After],
    ] as const) {
      const bytes = Uint8Array.of(0xa5, ...hexBytes(before), 0xa5);
      const verdict = applyEcnEgress(bytes, 1, outer);
      assert.equal((verdict & EcnEgress.drop) !== 0, vector.verdict === 'drop', JSON.stringify(vector));
      assert.equal(verdict & (EcnEgress.unusual | EcnEgress.dangerous), marks[vector.log], JSON.stringify(vector));
      const expected = vector.verdict === 'drop' ? before : after;
      assert.equal(toHex(bytes), `a5${expected}a5`);
      if (before.startsWith('45')) assert.equal(internetChecksum(bytes, 1, 20), 0);
    }
  }
});

test('a packet sent by each of the known systems arrives as the table says', () => {
  const arriving = fixture.endToEnd.filter((row) => row.receiver === 'rfc6040' && row.outerAtEgress !== null);
  assert.ok(arriving.length >= 22);
  for (const row of arriving) {
    const verdict = egressEcn(row.inner, present(row.outerAtEgress));
    const result = verdict & EcnEgress.drop ? 'drop' : verdict & ecnMask;
    assert.equal(result, typeof row.result === 'number' ? row.result : 'drop', JSON.stringify(row));
  }
});

/** RFC 6040 §4.2 in words: CE outside drops or marks, ECT(1) outside raises, and whatever does not know ECN stays so. */
function ecnInWords(inner: number, outer: number): number | 'drop' {
  const [notEct, ect1, ce] = [0, 1, 3];
  if (inner === notEct) return outer === ce ? 'drop' : notEct;
  if (inner === ce || outer === ce) return ce;
  return outer === ect1 ? ect1 : inner;
}

test('all 65536 pairs of octets over both versions: ECN as RFC 6040 says in words, DSCP untouched, the header still valid', () => {
  const pairs = {
    4: { source: parseIpAddress('10.0.0.1'), destination: parseIpAddress('10.0.0.2') },
    6: { source: parseIpAddress('fd00::1'), destination: parseIpAddress('fd00::2') },
  } as const;
  for (const version of [4, 6] as const) {
    for (let inner = 0; inner < 256; inner++) {
      const packet = buildIpPacket({ ...pairs[version], protocol: 59, tos: inner }, new Uint8Array(4));
      for (let outer = 0; outer < 256; outer++) {
        const bytes = packet.slice();
        const verdict = applyEcnEgress(bytes, 0, outer);
        const expected = ecnInWords(inner & ecnMask, outer & ecnMask);
        const after = version === 4 ? ipv4Tos(bytes, 0) : ipv6TrafficClass(bytes, 0);
        assert.equal((verdict & EcnEgress.drop) !== 0, expected === 'drop');
        assert.equal(after, expected === 'drop' ? inner : (inner & ~ecnMask) | expected);
        assert.equal(checkIpHeader(bytes, 0, bytes.length, version), HeaderCheck.valid);
      }
    }
  }
});
