import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandQueue } from '#core/tunnel/command-queue.ts';

test('begins each command when the one before has ended, and goes on after a failure', async () => {
  const queue = new CommandQueue();
  const steps: string[] = [];
  const command =
    (name: string, isFailing = false) =>
    async (): Promise<string> => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
      if (isFailing) throw new Error(name);
      return name;
    };
  const first = queue.run(command('a'));
  const second = queue.run(command('b', true));
  const third = queue.run(command('c'));
  assert.equal(await first, 'a');
  await assert.rejects(second, /b/);
  assert.equal(await third, 'c');
  assert.deepEqual(steps, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});
