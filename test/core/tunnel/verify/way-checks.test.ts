/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfig, checkInterface, checkKeys, checkSource, checkWay } from '#core/tunnel/verify/way-checks.ts';
import { workingFacts } from '#test/support/verify-facts.ts';

test('a device that was deleted by another program is told from an interface that is down', async () => {
  const { before, ...facts } = await workingFacts();
  assert.ok(before !== null);
  const lost = checkInterface({ ...facts, before: { ...before, state: 'lost' } });
  assert.match(`${lost.state} ${lost.evidence}`, /^failed The device ipsec0 was deleted/);
  const down = checkInterface({ ...facts, before: { ...before, isUp: false } });
  assert.deepEqual([down.state, down.remedy], ['failed', 'culvert ifconfig ipsec0 up']);
});

test('no interface and no outer addresses are what is wrong with the configuration', async () => {
  const facts = await workingFacts();
  assert.equal(checkConfig({ ...facts, before: null }).state, 'failed');
  assert.ok(facts.before !== null);
  const bare = { ...facts, before: { ...facts.before, tunnel: null } };
  assert.match(checkConfig(bare).remedy, /culvert ifconfig ipsec0 tunnel/);
  assert.deepEqual(
    [checkSource(bare).state, checkWay(bare).state, checkKeys(bare).state],
    ['skipped', 'skipped', 'skipped'],
  );
});

test('a source that no device has fails, and addresses that cannot be read tell nothing', async () => {
  const facts = await workingFacts();
  const others = facts.addresses.filter(({ address }) => address !== '203.0.113.1');
  assert.equal(checkSource({ ...facts, addresses: others }).state, 'failed');
  assert.equal(checkSource({ ...facts, addresses: [] }).state, 'unknown');
});

test('the way to the peer must not lead into the tunnel itself, and may lead through another', async () => {
  const facts = await workingFacts();
  const { toPeer } = facts;
  assert.ok(toPeer !== null);
  const through = (name: string): string =>
    checkWay({ ...facts, ownNames: new Set(['ipsec0', 'ipsec1']), toPeer: { ...toPeer, interface: name } }).state;
  assert.deepEqual(['wm0', 'ipsec0', 'ipsec1'].map(through), ['passed', 'failed', 'unknown']);
  assert.equal(checkWay({ ...facts, toPeer: null }).state, 'failed');
});

test('keys for one direction are not enough, and which one is missing is named', async () => {
  const facts = await workingFacts();
  const inbound = facts.associations.filter(({ destination }) => destination === '203.0.113.1');
  const finding = checkKeys({ ...facts, associations: inbound });
  assert.deepEqual(
    [finding.state, finding.evidence],
    ['failed', '0 associations to send on, 2 associations to receive on.'],
  );
  assert.match(finding.remedy, /add 203\.0\.113\.1 203\.0\.113\.2 esp/);
  const dying = facts.associations.map((association) => ({ ...association, state: 'dying' as const }));
  assert.match(checkKeys({ ...facts, associations: dying }).evidence, /4 of them past the soft limit/);
});
