/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import {
  generatePolicies,
  nameGenerated,
  sequentialReqids,
  type GeneratedPolicies,
} from '#core/ipsecif/generated-policy.ts';
import { initialFlags } from '#core/ipsecif/flags.ts';
import { Spd } from '#core/spd/spd.ts';
import { comparePolicies, plannedRow, policyText } from '#core/tunnel/preview/preview-row.ts';

const outer = { local: parseIpAddress('192.0.2.1'), peer: parseIpAddress('192.0.2.2'), localPort: 0, peerPort: 0 };

function made(spd: Spd, link2 = true): GeneratedPolicies {
  const flags = { ...initialFlags, link2 };
  return nameGenerated(spd.installKernel(generatePolicies({ unit: 0, outer, flags, reqidMode: sequentialReqids }), []));
}

test('a reqid that is drawn only when the change is made is left out, and one that is known is shown', () => {
  const [before, after] = [made(new Spd()), made(new Spd(), false)];
  const texts = (isDrawn: boolean): (string | null)[] =>
    comparePolicies(null, after, isDrawn).map(({ after: text }) => text);
  assert.deepEqual(texts(true), ['esp/transport//unique', 'esp/transport//unique', 'discard', 'discard']);
  assert.match(texts(false)[0] ?? '', /^esp\/transport\/\/unique#\d+$/);
  assert.ok(comparePolicies(before, null, true).every(({ fate, after: text }) => fate === 'goes' && text === null));
});

test('the same policies stay', () => {
  const policies = made(new Spd());
  for (const { fate, before, after } of comparePolicies(policies, policies, true)) {
    assert.deepEqual([fate, before], ['stays', after]);
  }
});

test('a planned policy is shown by its selector in setkey’s words', () => {
  const [policy] = generatePolicies({ unit: 0, outer, flags: initialFlags, reqidMode: { kind: 'fixed', base: 8192 } });
  assert.deepEqual(plannedRow(policy), {
    ...{ fate: 'appears', direction: 'in', before: null, after: 'esp/transport//unique:8192' },
    selector: '192.0.2.2[any] 192.0.2.1[any] 4(ipv4)',
  });
  assert.equal(policyText({ action: 'bypass', requests: [] }), 'none');
});
