/**
 * What proves the tunnel and what does not.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFaults, toJson, type Evidence, type PingEvidence } from '#examples/two-gateways/evidence.ts';

function series(from: string, to: string, family: 4 | 6): PingEvidence {
  return { from, to, family, sent: 3, received: 3, rttMs: [3, 1, 2.00049] };
}

const gateway = { policies: 4, associations: 4, policyText: '', associationText: '' };
const whole: Evidence = {
  mode: 'netns',
  outer: 'ipv4',
  natT: false,
  bytesAsked: 1_000_000,
  pings: [
    series('Host_X', 'Host_Y', 4),
    series('Host_Y', 'Host_X', 4),
    series('Host_X', 'Host_Y', 6),
    series('Host_Y', 'Host_X', 6),
  ],
  tcp: { bytes: 1_000_000, seconds: 0.004, mbitPerSecond: 2000, sha256Match: true },
  wire: { espPackets: 800, plaintextInnerPackets: 0, plaintextExamples: [], missed: 0, plaintextWithoutTunnel: 4 },
  gateways: [
    { name: 'NetBSD_A', ...gateway },
    { name: 'NetBSD_B', ...gateway },
  ],
  troubles: [],
};

test('a run in which everything holds has no fault and prints the agreed object', () => {
  assert.deepEqual(findFaults(whole), []);
  assert.deepEqual(toJson({ ...whole, pings: whole.pings.slice(0, 1) }), {
    mode: 'netns',
    outer: 'ipv4',
    natT: false,
    pings: [{ from: 'Host_X', to: 'Host_Y', family: 4, sent: 3, received: 3, rttMsMedian: 2 }],
    tcp: { bytes: 1_000_000, seconds: 0.004, mbitPerSecond: 2000, sha256Match: true },
    wire: { espPackets: 800, plaintextInnerPackets: 0 },
    policies: 4,
    associations: 4,
    ok: false,
  });
  assert.equal(toJson(whole)['ok'], true);
});

const { tcp, wire } = whole;
assert.ok(tcp !== null && wire !== null);
const broken: readonly (readonly [string, Evidence, RegExp])[] = [
  [
    'a lost ping',
    { ...whole, pings: whole.pings.map((ping, index) => (index === 2 ? { ...ping, received: 2 } : ping)) },
    /2 of 3 IPv6 pings from Host_X to Host_Y/,
  ],
  ['a series that did not run', { ...whole, pings: whole.pings.slice(1) }, /3 of 4 series/],
  ['no transfer', { ...whole, tcp: null }, /TCP transfer did not run/],
  ['a short transfer', { ...whole, tcp: { ...tcp, bytes: 999_999 } }, /999999 of 1000000 bytes/],
  ['a differing digest', { ...whole, tcp: { ...tcp, sha256Match: false } }, /SHA-256/],
  ['no capture', { ...whole, wire: null }, /not captured/],
  [
    'a packet in the clear',
    { ...whole, wire: { ...wire, plaintextInnerPackets: 1, plaintextExamples: ['IP protocol 1'] } },
    /1 packet in the clear.*IP protocol 1/,
  ],
  [
    'fewer ESP packets than the transfer needs',
    { ...whole, wire: { ...wire, espPackets: 600 } },
    /only 600 ESP packets/,
  ],
  ['an incomplete capture', { ...whole, wire: { ...wire, missed: 3 } }, /missed 3/],
  ['a judge that sees nothing', { ...whole, wire: { ...wire, plaintextWithoutTunnel: 0 } }, /saw no plaintext/],
  [
    'a missing policy',
    { ...whole, gateways: [{ name: 'NetBSD_A', ...gateway, policies: 2 }] },
    /NetBSD_A has 2 policies/,
  ],
  ['NAT-T with the wrong number of associations', { ...whole, natT: true }, /has 4 associations, not 2/],
  ['any trouble on the way', { ...whole, troubles: ['the cable broke'] }, /the cable broke/],
];
for (const [name, evidence, message] of broken) {
  test(`${name} is a fault`, () => {
    assert.match(findFaults(evidence).join('\n'), message);
    assert.equal(toJson(evidence)['ok'], false);
  });
}

test('a run that measured nothing prints zeros and is not ok', () => {
  const nothing: Evidence = { ...whole, pings: [], tcp: null, wire: null, gateways: [] };
  const { tcp: printed, policies, ok } = toJson(nothing);
  assert.deepEqual(
    { printed, policies, ok },
    { printed: { bytes: 0, seconds: 0, mbitPerSecond: 0, sha256Match: false }, policies: 0, ok: false },
  );
});

test('a series without an answer has no median', () => {
  const { pings } = toJson({ ...whole, pings: [{ ...series('a', 'b', 4), received: 0, rttMs: [] }] });
  assert.deepEqual(pings, [{ from: 'a', to: 'b', family: 4, sent: 3, received: 0, rttMsMedian: null }]);
});
