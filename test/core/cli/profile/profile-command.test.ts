/** @module */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { runProfile, type ProfileAction } from '#core/cli/profile/profile-command.ts';
import type { TextEditor } from '#core/cli/profile/text-editor.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import { exampleAnswer } from '#test/support/profile/profile-answer.ts';
import { exampleInput, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { exampleStatus, fakeTerminal, startFakeHelper, type Script } from '#test/core/cli/fake-helper.ts';

type Outcome = {
  status: number;
  output: string;
  errors: string;
  calls: (readonly [string, unknown])[];
  discarded: boolean;
};

const script: Script = {
  'status.get': () => exampleStatus,
  'profile.list': () => ({
    profiles: [exampleAnswer()],
    setAside: [{ file: 'a.json.broken-1', reason: 'broken', message: 'the text is no JSON' }],
  }),
  'profile.show': () => exampleAnswer(),
  'profile.create': () => exampleAnswer(),
  'profile.edit': () => exampleAnswer(),
  'profile.rename': () => exampleAnswer(),
};

async function run(
  context: TestContext,
  action: ProfileAction,
  { input = '', answers = script, edited = '' }: { input?: string; answers?: Script; edited?: string } = {},
): Promise<Outcome> {
  const { path, calls } = await startFakeHelper(context, answers);
  const terminal = fakeTerminal(input, { 'p.json': input });
  let discarded = false;
  const editor: TextEditor = async () => ({
    text: edited,
    path: '/tmp/kept/profile.json',
    discard: async () => void (discarded = true),
  });
  const status = await runProfile(action, { terminal, connect: () => connectHelper(path), editor });
  return { status, output: terminal.output, errors: terminal.errors, calls: [...calls], discarded };
}

test('list prints the table and says which files are set aside', async (context) => {
  const { status, output, errors } = await run(context, { kind: 'list', isJson: false });
  assert.equal(status, 0);
  assert.match(output, /^NAME +STATE/);
  assert.equal(errors, 'profile: set aside: a.json.broken-1: the text is no JSON\n');
});

test('show --json is what the contract gives', async (context) => {
  const { output } = await run(context, { kind: 'show', name: 'office', isJson: true });
  assert.deepEqual(JSON.parse(output), exampleAnswer());
});

test('create from flags has the helper make the keys, on the first free interface', async (context) => {
  const flags = { peer: 'vpn.example.com', link2: true };
  const { status, calls } = await run(context, { kind: 'create', name: 'new', flags });
  assert.equal(status, 0);
  const [method, params] = calls.at(-1) ?? [];
  assert.equal(method, 'profile.create');
  assert.partialDeepStrictEqual(params, { secrets: 'generate', profile: { name: 'new', interface: 'ipsec1' } });
});

test('who sits before create without flags hears what it waits for; a pipe does not', async (context) => {
  const { path } = await startFakeHelper(context, script);
  for (const isTyped of [true, false]) {
    const terminal = { ...fakeTerminal(JSON.stringify(exampleInput)), isTyped };
    let errors = '';
    terminal.complain = (text) => void (errors += text);
    const editor: TextEditor = () => assert.fail('no editor');
    const action: ProfileAction = { kind: 'create', name: null, flags: { link2: true } };
    assert.equal(await runProfile(action, { terminal, connect: () => connectHelper(path), editor }), 0);
    assert.equal(errors.includes('write the profile as JSON here'), isTyped);
  }
});

test('create without flags reads standard input: a profile alone, or one with keys; the name of the command line counts', async (context) => {
  const alone = await run(
    context,
    { kind: 'create', name: null, flags: { link2: true } },
    { input: JSON.stringify(exampleInput) },
  );
  assert.deepEqual(alone.calls.at(-1), ['profile.create', { profile: exampleProfile(), secrets: 'generate' }]);
  const both = JSON.stringify({ profile: exampleInput, secrets: exampleSecrets });
  const withKeys = await run(
    context,
    { kind: 'create', name: 'home', flags: { link2: true, file: 'p.json' } },
    { input: both },
  );
  const profile = exampleProfile({ name: 'home' });
  assert.deepEqual(withKeys.calls.at(-1), ['profile.create', { profile, secrets: exampleSecrets }]);
});

test('what was saved and deserves a warning is warned of, on the other stream', async (context) => {
  const { keys } = exampleProfile();
  const profile = exampleProfile({ keys: { ...keys, encryption: 'aes-gcm-16', integrity: null } });
  const answers = { ...script, 'profile.edit': () => exampleAnswer({ profile }) };
  const action = { kind: 'edit', name: 'office', flags: { newKeys: true } } as const;
  const { status, output, errors } = await run(context, action, { answers });
  assert.equal(status, 0);
  assert.match(output, /^office/);
  assert.match(errors, /^profile: aes-gcm-16 with keys set by hand: an IV/);
});

test('a file that was set aside is given back as it is, also one of an older Culvert', async (context) => {
  const input = readFileSync('test/fixtures/profile/version-1.json', 'utf8');
  const action = { kind: 'create', name: null, flags: { link2: true } } as const;
  const { status, calls } = await run(context, action, { input });
  assert.equal(status, 0);
  assert.partialDeepStrictEqual(calls.at(-1)?.[1], { profile: { startup: 'up', peer: { host: 'vpn.example.com' } } });
});

test('input that is no JSON, or has a wrong field, is refused without repeating it', async (context) => {
  for (const input of [
    '{"secrets": "feedbeef',
    JSON.stringify({ profile: { ...exampleInput, feedbeef: 'feedbeef' } }),
  ]) {
    const { status, errors, calls } = await run(
      context,
      { kind: 'create', name: null, flags: { link2: true } },
      { input },
    );
    assert.deepEqual([status, calls.length], [1, 0]);
    assert.ok(!errors.replace('"feedbeef"', '').includes('feedbeef'), errors);
  }
});

test('edit --set changes the revision that was read, and keeps the keys', async (context) => {
  const { calls } = await run(context, { kind: 'edit', name: 'office', flags: { set: ['mtu=1400'] } });
  assert.deepEqual(calls.at(-1), [
    'profile.edit',
    { name: 'office', revision: 3, profile: exampleProfile({ mtu: 1400 }), secrets: 'keep' },
  ]);
  const renewed = await run(context, { kind: 'edit', name: 'office', flags: { newKeys: true } });
  assert.partialDeepStrictEqual(renewed.calls.at(-1)?.[1], { secrets: 'generate' });
});

test('what was written in the editor is saved, and kept in its file where it was refused', async (context) => {
  const action = { kind: 'edit', name: 'office', flags: {} } as const;
  const saved = await run(context, action, { edited: JSON.stringify(exampleProfile({ mtu: 1300 })) });
  assert.deepEqual([saved.status, saved.discarded], [0, true]);
  assert.partialDeepStrictEqual(saved.calls.at(-1)?.[1], { profile: { mtu: 1300 } });
  const refused = await run(context, action, { edited: '{' });
  assert.deepEqual([refused.status, refused.discarded], [1, false]);
  assert.match(refused.errors, /kept in \/tmp\/kept\/profile\.json\nprofile: the text is no JSON/);
});

test('rename and delete print nothing; a refusal is a complaint with what helps', async (context) => {
  const renamed = await run(context, { kind: 'rename', name: 'office', to: 'home' });
  assert.deepEqual([renamed.status, renamed.output], [0, '']);
  const active = (): never => {
    throw new IpsecError('PROFILE_ACTIVE', 'office is up, or on its way');
  };
  const refused = await run(context, { kind: 'delete', name: 'office' }, { answers: { 'profile.delete': active } });
  assert.deepEqual(
    [refused.status, refused.errors],
    [1, 'profile: office is up, or on its way\n  Take the tunnel down first: culvert down NAME.\n'],
  );
});
