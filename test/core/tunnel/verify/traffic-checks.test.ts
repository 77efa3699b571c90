/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DropCount, InterfaceView } from '#core/tunnel/gateway-status.ts';
import {
  checkAuthentic,
  checkHeard,
  checkInnerRoute,
  checkPathMtu,
  checkPing,
  checkSent,
} from '#core/tunnel/verify/traffic-checks.ts';
import type { VerifyFacts } from '#core/tunnel/verify/verify-facts.ts';
import { workingFacts } from '#test/support/verify-facts.ts';

/** As if so much had been counted between the two looks. */
async function counted(out: number, back: number, drops: DropCount[] = []): Promise<VerifyFacts> {
  const facts = await workingFacts();
  assert.ok(facts.before !== null);
  const { before } = facts;
  const after: InterfaceView = {
    ...before,
    counters: {
      ...before.counters,
      outputPackets: before.counters.outputPackets + out,
      inputPackets: before.counters.inputPackets + back,
    },
    drops,
  };
  const ping = facts.ping === null ? null : { ...facts.ping, outcome: { kind: 'silent' } as const };
  return { ...facts, before, after, ping, associations: [] };
}

test('what is dropped before it leaves is told with its reason and what to do', async () => {
  const finding = checkSent(await counted(0, 0, [{ reason: 'outNoSa', packets: 2 }]));
  assert.deepEqual(
    [finding.state, finding.evidence, finding.remedy],
    [
      'failed',
      'Dropped before they left: no association to send on (2).',
      'Add associations for the direction out, or replace them.',
    ],
  );
  assert.equal(checkSent(await counted(0, 0)).state, 'failed');
  assert.equal(checkSent(await counted(1, 0)).state, 'passed');
});

test('packets that are dropped on their way in were heard, and are not authentic', async () => {
  const facts = await counted(2, 0, [{ reason: 'noSa', packets: 2 }]);
  assert.equal(checkHeard(facts).state, 'passed');
  assert.match(`${checkAuthentic(facts).state} ${checkAuthentic(facts).remedy}`, /^failed Compare SPIs/);
});

test('silence is told with the ICMP errors that came', async () => {
  const silent = checkHeard(await counted(2, 0, [{ reason: 'icmpTaken', packets: 3 }]));
  assert.equal(silent.state, 'failed');
  assert.match(silent.meaning, /^ICMP errors answer our packets: 203\.0\.113\.2/);
  assert.match(silent.evidence, /Since the interface is there came 3 ICMP errors about our packets\./);
  const quiet = checkHeard(await counted(2, 0));
  assert.match(quiet.evidence, /No ICMP error came/);
  assert.match(quiet.remedy, /link0 \(ESP in UDP\) off as here.*IP protocol 50/);
  assert.match(silent.remedy, /this pair of addresses and link0 \(ESP in UDP\) off as here/);
});

test('a ping that is not answered while the tunnel is heard is a matter behind the far end', async () => {
  const heard = checkPing(await counted(2, 2));
  assert.deepEqual(
    [heard.state, heard.meaning],
    ['failed', 'The tunnel works, and something behind its far end does not answer.'],
  );
  assert.match(checkPing(await counted(2, 0)).remedy, /first failed check above/);
});

test('a target that is routed elsewhere fails, and no target at all is nothing to check', async () => {
  const facts = await workingFacts();
  assert.ok(facts.toTarget !== null);
  assert.equal(checkInnerRoute(facts).state, 'passed');
  const elsewhere = checkInnerRoute({ ...facts, toTarget: { ...facts.toTarget, interface: 'wm0' } });
  assert.deepEqual([elsewhere.state, elsewhere.evidence], ['failed', '172.16.200.1 is routed into wm0.']);
  assert.equal(checkInnerRoute({ ...facts, toTarget: null }).state, 'failed');
  const none = { ...facts, target: null, toTarget: null, ping: null };
  assert.deepEqual([checkInnerRoute(none).state, checkPing(none).state], ['skipped', 'skipped']);
});

test('the largest packet that passes is named as the MTU to set', async () => {
  const facts = await workingFacts({ path: { wanted: 1400, largest: 1190 } });
  assert.match(checkPathMtu(facts).remedy, /^culvert ifconfig ipsec0 mtu 1190/);
  assert.equal(checkPathMtu({ ...facts, path: null }).state, 'skipped');
});
