/** @module */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { runUpDown } from '#core/cli/profile/up-command.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import { exampleAnswer, exampleProblem } from '#test/support/profile/profile-answer.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';
import { fakeTerminal, startFakeHelper, type FakeTerminal, type Script } from '#test/core/cli/fake-helper.ts';

async function run(
  context: TestContext,
  verb: 'up' | 'down',
  names: readonly string[],
  answers: Script,
  isJson = false,
): Promise<{ status: number; terminal: FakeTerminal }> {
  const { path } = await startFakeHelper(context, answers);
  const terminal = fakeTerminal();
  const status = await runUpDown(verb, names, { terminal, connect: () => connectHelper(path), isJson });
  return { status, terminal };
}

test('up says what each tunnel does now', async (context) => {
  const { status, terminal } = await run(context, 'up', ['office', 'home'], {
    'profile.up': ({ name }) => exampleAnswer({ profile: exampleProfile({ name }), tunnelState: 'idle' }),
  });
  assert.deepEqual(
    [status, terminal.output, terminal.errors],
    [0, 'office: ready; 192.0.2.1 to 192.0.2.2\nhome: ready; 192.0.2.1 to 192.0.2.2\n', ''],
  );
});

test('one that is tried again is told with the reason, and is no success', async (context) => {
  const retrying = exampleAnswer({
    phase: 'retrying',
    outer: null,
    revision: null,
    tunnelState: null,
    problem: exampleProblem,
  });
  const { status, terminal } = await run(context, 'up', ['office'], { 'profile.up': () => retrying });
  assert.equal(status, 1);
  assert.equal(terminal.output, 'office: retrying; vpn.example.com cannot be resolved (ENOTFOUND)\n');
  assert.equal(terminal.errors, 'up: office: it is tried again until: culvert down office\n  Check the name.\n');
});

test('what ends the tries can be pasted into a shell, also of a name with blanks', async (context) => {
  const retrying = exampleAnswer({ phase: 'retrying', profile: exampleProfile({ name: 'head office' }) });
  const { terminal } = await run(context, 'up', ['head office'], { 'profile.up': () => retrying });
  assert.match(terminal.errors, /until: culvert down 'head office'\n/);
});

test('a refusal of one does not keep the others from it', async (context) => {
  const { status, terminal } = await run(context, 'down', ['nothing', 'office'], {
    'profile.down': ({ name }) => {
      if (name === 'nothing') throw new IpsecError('PROFILE_NOT_FOUND', 'there is no profile "nothing"');
      return exampleAnswer({ phase: 'off', outer: null, revision: null, tunnelState: null });
    },
  });
  assert.deepEqual([status, terminal.output], [1, 'office: off\n  not protected any more: 10.2.0.0/16\n']);
  assert.match(terminal.errors, /^down: there is no profile "nothing"\n/);
});

test('--json prints an array in any case, and nothing else', async (context) => {
  const { status, terminal } = await run(context, 'up', ['office'], { 'profile.up': () => exampleAnswer() }, true);
  assert.deepEqual([status, JSON.parse(terminal.output)], [0, [exampleAnswer()]]);
  const nobody = fakeTerminal();
  const failed = await runUpDown('up', ['x'], {
    terminal: nobody,
    connect: () => connectHelper('/nonexistent/x'),
    isJson: true,
  });
  assert.deepEqual([failed, nobody.output], [1, '[]\n']);
});
