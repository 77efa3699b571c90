/** @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { assertGolden, exportCases, fileOf, routedProfile, sourceOf } from '#test/support/profile/export-source.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

for (const name of ['plain', 'keys', 'peer', 'nat-t'] as const) {
  test(`${name}: the script is as agreed`, () => assertGolden(name, 'linux'));
}

/** Run the script where `ip` only repeats what it is told. */
function runScript(text: string, verb: string): { status: number | null; output: string; errors: string } {
  const stub = 'ip() { echo "ip $*"; case "$*" in *batch*) cat ;; esac; }\n';
  const { status, stdout, stderr } = spawnSync('sh', ['-s', verb], { input: stub + text, encoding: 'utf8' });
  return { status, output: stdout, errors: stderr };
}

test('up makes the interface first, keys go to ip by standard input, and down undoes it', () => {
  const text = fileOf('linux', exportCases.keys());
  const up = runScript(text, 'up');
  assert.equal(up.status, 0, up.errors);
  const words = up.output.split('\n').filter((line) => line.startsWith('ip '));
  assert.deepEqual(words, ['ip link add ipsec0 type xfrm dev lo if_id 1', 'ip -batch -']);
  const added = up.output.match(/^xfrm (state|policy) add/gm)?.length;
  const down = runScript(text, 'down');
  assert.equal(down.status, 0, down.errors);
  assert.equal(down.output.match(/^ip xfrm (state|policy) delete/gm)?.length, added);
  assert.match(down.output, /^ip link delete ipsec0$/m);
  assert.equal(runScript(text, '').status, 1);
});

test('without keys it refuses to begin, and may still undo', () => {
  const text = fileOf('linux', exportCases.plain());
  const up = runScript(text, 'up');
  assert.deepEqual([up.status, up.output], [1, '']);
  assert.match(up.errors, /keys are left out/);
  assert.equal(runScript(text, 'down').status, 0);
});

test('what is left half-way is undone, and an interface that was there stays', () => {
  const text = fileOf('linux', exportCases.keys());
  const failing = (what: string): string => `ip() { echo "ip $*"; case "$*" in ${what}) return 1 ;; esac; }\n`;
  const half = spawnSync('sh', ['-s', 'up'], { input: failing('"-batch -"') + text, encoding: 'utf8' });
  assert.equal(half.status, 1);
  assert.match(half.stdout, /^ip link delete ipsec0$/m);
  const taken = spawnSync('sh', ['-s', 'up'], { input: failing('link*') + text, encoding: 'utf8' });
  assert.equal(taken.status, 1);
  assert.equal(taken.stdout, 'ip link add ipsec0 type xfrm dev lo if_id 1\n');
});

test('policies are of the families that are carried, and each has the reqid of its associations', () => {
  const profile = exampleProfile({
    interface: 'ipsec7',
    flags: { link2: false },
    keys: { ...routedProfile.keys, pairs: routedProfile.keys.pairs.slice(0, 1) },
  });
  const text = fileOf('linux', sourceOf(profile, { kind: 'manual', pairs: exampleSecrets.pairs.slice(0, 1) }, true));
  assert.doesNotMatch(text, /::\/0/);
  assert.deepEqual(new Set(text.match(/reqid \d+/g)), new Set(['reqid 8206']));
  assert.deepEqual(new Set(text.match(/if_id \d+/g)), new Set(['if_id 8']));
});

test('outer addresses of one link are refused', () => {
  const profile = exampleProfile({ local: { host: 'fe80::1%eth0' }, peer: { host: 'fe80::2%eth0' } });
  const source = sourceOf(profile, exampleSecrets, true);
  assert.equal(
    thrownCode(() => fileOf('linux', source)),
    'EXPORT_UNSUPPORTED',
  );
});
