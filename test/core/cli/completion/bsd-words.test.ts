/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bsdCompleters } from '#core/cli/completion/bsd-words.ts';
import type { LiveNames } from '#core/cli/completion/candidate.ts';

const nobody: LiveNames = {
  interfaces: async () => [],
  profiles: async () => [],
  sysctls: async () => [],
};

const wordsAfter = async (command: string, ...before: readonly string[]): Promise<readonly string[]> => {
  const completion = await bsdCompleters[command]?.(before, nobody);
  return (completion?.candidates ?? []).map(({ word }) => word);
};

test('without a helper the words of the language are completed all the same', async () => {
  assert.ok((await wordsAfter('ifconfig')).includes('-a'));
  assert.ok((await wordsAfter('ifconfig', 'ipsec0', 'tunnel')).includes('up'));
  assert.deepEqual(await wordsAfter('sysctl'), ['-a', '-n', '-w']);
  assert.ok((await wordsAfter('route', 'delete')).includes('default'));
});

test('a file may be given to setkey until an action is', () => {
  const takesFile = (...before: readonly string[]): boolean => {
    const completion = bsdCompleters['setkey']?.(before, nobody);
    return completion !== undefined && 'takesFile' in completion && completion.takesFile;
  };
  assert.deepEqual([takesFile(), takesFile('-v'), takesFile('-D'), takesFile('-f')], [true, true, false, true]);
});
