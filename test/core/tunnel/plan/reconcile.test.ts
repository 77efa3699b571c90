import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingHeld, type DesiredState } from '#core/tunnel/plan/desired-state.ts';
import { carryOutDry } from '#core/tunnel/plan/file-difference.ts';
import { readDesired, scratchDatabases } from '#core/tunnel/plan/read-desired.ts';
import { reconcile } from '#core/tunnel/plan/reconcile.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const add = (from: string, spi: number, digit = '5'): string =>
  `add ${from} 10.0.0.2 esp ${spi} -E aes-cbc 0x${digit.repeat(32)} -A hmac-sha256 0x${'6b'.repeat(32)};\n`;
const policy = (to: string, level = 'none'): string => `spdadd 10.0.0.1 ${to} any -P out ${level};\n`;

async function desire(text: string, name = 'sa.conf'): Promise<DesiredState> {
  const { desired } = await readDesired([{ name, text }]);
  assert.ok(desired !== null);
  return desired;
}

async function steps(before: string, after: string): Promise<string[]> {
  const databases = scratchDatabases();
  await carryOutDry(databases, await desire(before));
  return reconcile(databases, await desire(after), nothingHeld).map(({ kind }) => kind);
}

test('what is as it should be has no step, whatever the order of associations', async () => {
  assert.deepEqual(
    await steps(add('10.0.0.1', 1000) + add('10.0.0.1', 1001), add('10.0.0.1', 1001) + add('10.0.0.1', 1000)),
    [],
  );
});

test('one name with other keys is updated, with another source it is another association', async () => {
  assert.deepEqual(await steps(add('10.0.0.1', 1000), add('10.0.0.1', 1000, '7')), ['updateAssociation']);
  assert.deepEqual(await steps(add('10.0.0.1', 1000), add('10.0.0.9', 1000)), ['removeAssociation', 'addAssociation']);
});

test('what goes makes room before anything comes', async () => {
  const kinds = await steps(add('10.0.0.1', 1000) + policy('10.0.0.2'), add('10.0.0.1', 1001) + policy('10.0.0.3'));
  assert.deepEqual(kinds, ['removeAssociation', 'removePolicy', 'addPolicy', 'addAssociation']);
});

test('policies before the first difference stay (RFC 4301 §4.4.1: the SPD is ordered)', async () => {
  const [a, b, c] = ['10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24'].map((to) => policy(to));
  assert.deepEqual(await steps(`${a}${b}`, `${a}${b}${c}`), ['addPolicy']);
  assert.deepEqual(await steps(`${a}${b}${c}`, `${a}${c}`), ['removePolicy', 'removePolicy', 'addPolicy']);
});

test('what a profile holds is left alone, and files that declare it are refused', async () => {
  const databases = scratchDatabases();
  await carryOutDry(databases, await desire(add('10.0.0.1', 1000)));
  const held = new Set([...databases.sad.all()].map(({ id }) => id));
  assert.deepEqual(reconcile(databases, await desire(''), { interfaces: new Set(), associations: held }), []);
  const tunnel = await desire('create\ntunnel 10.0.0.1 10.0.0.2\n', 'ifconfig.ipsec0');
  const refused = (): unknown => reconcile(databases, tunnel, { interfaces: new Set(['ipsec0']), associations: held });
  assert.equal(thrownCode(refused), 'PLAN_HELD');
});
