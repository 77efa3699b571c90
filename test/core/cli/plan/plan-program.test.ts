import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import type { HelperSurroundings } from '#core/cli/helper-session.ts';
import { addPlanCommands } from '#core/cli/plan/plan-program.ts';
import { fakeTerminal } from '#test/core/cli/fake-helper.ts';

/** Run one command line where no helper is; the exit status, null where the words were refused. */
async function run(...words: readonly string[]): Promise<{ status: number | null; said: string }> {
  const terminal = fakeTerminal();
  const around: HelperSurroundings = { terminal, connect: () => Promise.reject(new Error('no helper is asked')) };
  let status: number | null = null;
  const program = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  addPlanCommands(program, around, (code) => (status = code));
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync(['node', 'culvert', ...words]).catch(() => undefined);
  return { status, said: terminal.output + terminal.errors };
}

test('there are plan, diff, apply and confirm', () => {
  const program = new Command();
  addPlanCommands(program, { terminal: fakeTerminal(), connect: () => Promise.reject(new Error()) }, () => undefined);
  assert.deepEqual(
    program.commands.map((command) => command.name()),
    ['plan', 'diff', 'apply', 'confirm'],
  );
});

test('files are asked for, and options that do not exist are refused before anything is done', async () => {
  for (const words of [
    ['plan'],
    ['apply'],
    ['diff', 'one'],
    ['plan', '--confirm', '60s', 'file'],
    ['confirm', 'file'],
  ]) {
    assert.deepEqual(await run(...words), { status: null, said: '' }, words.join(' '));
  }
});

test('diff compares the sides that it is given, without a helper', async () => {
  const { status, said } = await run('diff', 'running', 'running');
  assert.equal(status, 1);
  assert.match(said, /running/);
});
