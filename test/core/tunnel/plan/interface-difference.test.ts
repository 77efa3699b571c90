import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carryOutDry } from '#core/tunnel/plan/file-difference.ts';
import { interfaceSteps, reqidsOf } from '#core/tunnel/plan/interface-difference.ts';
import { readDesired, scratchDatabases } from '#core/tunnel/plan/read-desired.ts';
import type { DesiredState } from '#core/tunnel/plan/desired-state.ts';

async function desire(...texts: readonly string[]): Promise<DesiredState> {
  const { desired } = await readDesired(texts.map((text, index) => ({ name: `ifconfig.ipsec${index}`, text })));
  assert.ok(desired !== null);
  return desired;
}

/** Kinds of the steps from some files to others. */
async function steps(
  before: readonly string[],
  after: readonly string[],
  held: readonly string[] = [],
): Promise<string[]> {
  const databases = scratchDatabases();
  await carryOutDry(databases, await desire(...before));
  const { changed } = interfaceSteps([...databases.ipsecif.list()], await desire(...after), new Set(held));
  return changed.map((step) => `${step.kind}${'name' in step ? ` ${step.name}` : ''}`);
}
const one = 'create\ntunnel 10.0.0.1 10.0.0.2\ninet 172.16.1.1/32 172.16.2.1\nup\n';
const two = one.replace('10.0.0.2', '10.0.0.3');

test('what is as it should be has no step', async () => {
  assert.deepEqual(await steps([one, two], [one, two]), []);
});

test('a new interface is made, given its tunnel and its address, which brings it up', async () => {
  assert.deepEqual(await steps([], [one]), ['createInterface ipsec0', 'setTunnel ipsec0', 'addAddress ipsec0']);
});

test('an interface of no file goes, unless it is held', async () => {
  assert.deepEqual(await steps([one, two], [one]), ['removeInterface ipsec1']);
  assert.deepEqual(await steps([one, two], [one], ['ipsec1']), []);
});

test('two that change places are both freed before either is set', async () => {
  assert.deepEqual(await steps([one, two], [two, one]), [
    ...['deleteTunnel ipsec0', 'deleteTunnel ipsec1'],
    ...['setTunnel ipsec0', 'setTunnel ipsec1'],
  ]);
});

test('another MTU or address leaves the tunnel alone', async () => {
  assert.deepEqual(await steps([one], [`${one}mtu 1300\n`]), ['setMtu ipsec0']);
  assert.deepEqual(await steps([one], [one.replace('172.16.1.1', '172.16.1.5')]), [
    'removeAddress ipsec0',
    'addAddress ipsec0',
  ]);
});

test('an interface without policies has no reqids', () => {
  assert.equal(reqidsOf(null), null);
});
