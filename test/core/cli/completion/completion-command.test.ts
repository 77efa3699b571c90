/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { IpsecError } from '#core/base/error.ts';
import { runCompletion } from '#core/cli/completion/completion-command.ts';
import { shells, shellScripts } from '#core/cli/completion/shell-script.ts';
import { connectHelper, type HelperClient } from '#core/client/helper-client.ts';
import { exampleStatus, fakeTerminal, startFakeHelper } from '#test/core/cli/fake-helper.ts';

const program = new Command('culvert');
program.command('ifconfig').argument('[words...]');

const noHelper = (): Promise<HelperClient> => Promise.reject(new IpsecError('HELPER_UNREACHABLE', 'no helper'));

test('prints the script of a shell, and refuses others', async () => {
  for (const shell of shells) {
    const terminal = fakeTerminal();
    assert.equal(await runCompletion([shell], { terminal, connect: noHelper, program }), 0);
    assert.equal(terminal.output, shellScripts[shell]);
  }
  for (const words of [['tcsh'], [], ['bash', 'zsh']]) {
    const terminal = fakeTerminal();
    assert.equal(await runCompletion(words, { terminal, connect: noHelper, program }), 1);
    assert.match(terminal.errors, /bash, zsh, fish\n$/);
  }
});

test('answers a script with names that the helper has, and in silence without one', async (context) => {
  const { path } = await startFakeHelper(context, { 'status.get': () => exampleStatus });
  const words = ['words', '--', 'ifconfig', 'ips'];
  const terminal = fakeTerminal();
  assert.equal(await runCompletion(words, { terminal, connect: () => connectHelper(path), program }), 0);
  assert.equal(terminal.output, 'ipsec0\tinterface\n');
  const alone = fakeTerminal();
  assert.equal(await runCompletion(words, { terminal: alone, connect: noHelper, program }), 0);
  assert.deepEqual([alone.output, alone.errors], ['', '']);
});
