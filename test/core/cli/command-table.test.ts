import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { commandGroups } from '#core/cli/command-table.ts';
import { fakeTerminal } from './fake-helper.ts';

test('a group adds the commands that it says it has, and no command is in two', async () => {
  const around = {
    ...{ terminal: fakeTerminal(), version: '0', socketPath: () => '', setStatus: () => {} },
    connect: () => Promise.reject(new Error('nothing is asked')),
  };
  const seen = new Set<string>();
  for (const { names, add } of commandGroups) {
    const program = new Command().enablePositionalOptions();
    await add(program, around);
    assert.deepEqual(
      program.commands.map((command) => command.name()),
      names,
    );
    for (const name of names) assert.ok(!seen.has(name), name);
    for (const name of names) seen.add(name);
  }
});
