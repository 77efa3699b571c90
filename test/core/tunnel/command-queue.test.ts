import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandQueue, type CommandGroup } from '#core/tunnel/command-queue.ts';

type Bench = {
  steps: string[];
  queue: CommandQueue<CommandGroup>;
  command: (name: string, fails?: boolean) => () => Promise<string>;
};

function bench(finish: () => Promise<void> = () => Promise.resolve()): Bench {
  const steps: string[] = [];
  const queue = new CommandQueue(() => {
    steps.push('group');
    return {
      async finish() {
        await finish();
        steps.push('finished');
      },
    };
  });
  const command =
    (name: string, isFailing = false) =>
    async (): Promise<string> => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
      if (isFailing) throw new Error(name);
      return name;
    };
  return { steps, queue, command };
}

test('a burst runs in one group, one command at a time, and each refusal is its own', async () => {
  const { steps, queue, command } = bench();
  const first = queue.grouped(command('a'));
  const second = queue.grouped(command('b', true));
  const third = queue.grouped(command('c'));
  await assert.rejects(second, /b/);
  assert.deepEqual([await first, await third], ['a', 'c']);
  const ran = ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'];
  assert.deepEqual(steps, ['group', ...ran, 'finished']);
});

test('a command alone ends a group and begins none', async () => {
  const { steps, queue, command } = bench();
  const all = [queue.grouped(command('a')), queue.alone(command('b')), queue.grouped(command('c'))];
  const lonely = queue.alone(command('d', true));
  await assert.rejects(lonely, /d/);
  assert.deepEqual(await Promise.all(all), ['a', 'b', 'c']);
  assert.deepEqual(
    steps.filter((step) => !step.endsWith('ends')),
    ['group', 'a begins', 'finished', 'b begins', 'group', 'c begins', 'finished', 'd begins'],
  );
});

test('a group that cannot finish fails all of its commands, and the queue goes on', async () => {
  let failures = 1;
  const { queue, command } = bench(() => (failures-- > 0 ? Promise.reject(new Error('no worker')) : Promise.resolve()));
  const outcomes = await Promise.allSettled([queue.grouped(command('a')), queue.grouped(command('b'))]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(await queue.grouped(command('c')), 'c');
});

test('a group has an end: who comes later is not kept waiting by a stream of commands', async () => {
  const { steps, queue } = bench();
  await Promise.all(Array.from({ length: 600 }, () => queue.grouped(() => Promise.resolve())));
  assert.equal(steps.filter((step) => step === 'finished').length, 3);
});
