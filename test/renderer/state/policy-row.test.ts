import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listPolicies, matchesPolicyQuery } from '#renderer/state/policy-row.ts';
import { findPolicyEntry } from '#renderer/state/dump-entry.ts';
import { link, policy, status } from './example-session.ts';

const byHand = { ...policy(1, 9, 'out', 17), origin: 'user', action: 'discard', requests: [] } as const;
const rows = listPolicies(
  status({
    interfaces: [link(1)],
    policies: [
      policy(1, 1, 'in', 4),
      { ...byHand, requests: [], destinationPort: { first: 5, last: 9 } },
      policy(1, 2, 'out', 4),
    ],
  }),
);

test('out stands above in, and each direction keeps its order and counts from one', () => {
  assert.deepEqual(
    rows.map(({ policy: { spid }, place, count }) => [spid, place, count]),
    [
      [9, 1, 2],
      [2, 2, 2],
      [1, 1, 1],
    ],
  );
});

test('a policy of an interface is told by its outer addresses, and one by hand has no maker', () => {
  assert.deepEqual(
    rows.map(({ interfaceName }) => interfaceName),
    [null, 'ipsec1', 'ipsec1'],
  );
});

test('a policy is written in setkey’s words', () => {
  const [discard, protect] = rows;
  assert.equal(discard?.action, 'discard');
  assert.equal(`${discard?.destination} ${discard?.upper}`, '198.51.100.1[5-9] 17(udp)');
  assert.equal(protect?.request, 'esp/transport//unique:2');
});

test('every word of a query must be somewhere', () => {
  const [discard] = rows;
  assert.ok(discard !== undefined);
  assert.equal(matchesPolicyQuery(discard, 'out UDP'), true);
  assert.equal(matchesPolicyQuery(discard, 'out tcp'), false);
});

test('the entry of one policy is cut out of setkey’s text, and spid 1 is not spid 11', () => {
  const entry = (spid: number): string =>
    `192.0.2.1[any] 198.51.100.1[any] 4(ipv4)\n\tout ipsec\n\tspid=${spid} seq=0 pid=0\n\trefcnt=0\n`;
  assert.equal(findPolicyEntry(`${entry(11)}${entry(1)}`, 1), entry(1).trimEnd());
  assert.equal(findPolicyEntry(entry(11), 1), null);
});
