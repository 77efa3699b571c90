/** @module */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { runCulvert } from '#core/cli/program.ts';
import { exampleAnswer } from '#test/support/profile/profile-answer.ts';
import { exampleStatus, fakeTerminal, startFakeHelper, type Script } from '#test/core/cli/fake-helper.ts';

const script: Script = {
  'status.get': () => exampleStatus,
  'profile.list': () => ({ profiles: [], setAside: [] }),
  'profile.show': () => exampleAnswer(),
  'profile.create': () => exampleAnswer(),
  'profile.edit': () => exampleAnswer(),
  'profile.rename': () => exampleAnswer(),
  'profile.up': () => exampleAnswer(),
  'profile.down': () => exampleAnswer({ phase: 'off', tunnelState: null, outer: null, revision: null }),
};

async function culvert(context: TestContext, ...words: readonly string[]): Promise<[number, unknown, string]> {
  const { path, calls } = await startFakeHelper(context, script);
  const terminal = fakeTerminal();
  const status = await runCulvert(words, { terminal, version: '0.0.0', socketPath: path });
  return [status, calls.at(-1), terminal.errors];
}

test('every subcommand asks for its method', async (context) => {
  const cases: readonly (readonly [readonly string[], string, object])[] = [
    [['profile', 'list'], 'profile.list', {}],
    [['profile', 'show', 'office', '--json'], 'profile.show', { name: 'office' }],
    [['profile', 'rename', 'office', 'home'], 'profile.rename', { name: 'office', to: 'home' }],
    [['profile', 'delete', 'office'], 'profile.delete', { name: 'office' }],
    [['up', 'office'], 'profile.up', { name: 'office' }],
    [['down', 'office', '--json'], 'profile.down', { name: 'office' }],
  ];
  for (const [words, method, params] of cases) {
    assert.deepEqual((await culvert(context, ...words)).slice(0, 2), [0, [method, params]], words.join(' '));
  }
});

test('flags may be repeated where there may be several, and link2 is on unless switched off', async (context) => {
  const words = ['--peer', '192.0.2.2', '--local', '192.0.2.1', '--route', '10.1.0.0/16', '--route', '10.2.0.0/16'];
  const [status, call, errors] = await culvert(context, 'profile', 'create', 'office', ...words, '--no-link2');
  assert.deepEqual([status, errors], [0, '']);
  assert.partialDeepStrictEqual(call, [
    'profile.create',
    { profile: { routes: ['10.1.0.0/16', '10.2.0.0/16'], flags: { link2: false } } },
  ]);
  const [, edited] = await culvert(context, 'profile', 'edit', 'office', '--set', 'mtu=1300', '--set', 'startup=up');
  assert.partialDeepStrictEqual(edited, ['profile.edit', { profile: { mtu: 1300, startup: 'up' } }]);
});

test('a key is no flag, and a word that is none is refused', async (context) => {
  for (const words of [['profile', 'create', 'x', '--key', 'aa'], ['profile', 'erase', 'x'], ['up']]) {
    const [status, call] = await culvert(context, ...words);
    assert.deepEqual([status, call], [1, undefined], words.join(' '));
  }
});
