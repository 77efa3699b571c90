/**
 * Tests of build/test/step.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { StepRunner } from '#build/test/step.ts';

/** A program that starts another one, prints its process id, and goes on as told. */
function parentOf(script: string, then: string): readonly string[] {
  const start = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(script)}]);`;
  return ['-e', `${start} console.log(child.pid); ${then}`];
}

/** Whether a process ends within some seconds. One that nobody has waited for yet has ended, too. */
async function isGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 250; attempt++) {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    if (stdout.trim() === '' || stdout.startsWith('Z')) return true;
    await sleep(20);
  }
  return false;
}

test('a step gives its exit status and everything it printed', async () => {
  const args = ['-e', "console.log('out'); console.error('err'); process.exit(3)"];
  const { status, output } = await new StepRunner().run({ command: process.execPath, args });
  assert.equal(status, 3);
  assert.match(output, /out\n/);
  assert.match(output, /err\n/);
});

test('a program that does not exist is a failure with its name', async () => {
  const { status, output } = await new StepRunner().run({ command: 'no-such-program', args: [] });
  assert.equal(status, 127);
  assert.match(output, /no-such-program/);
});

test('what a step has started and left behind is ended', async () => {
  const args = parentOf('setInterval(() => {}, 1000)', 'process.exit(0)');
  const { status, output } = await new StepRunner().run({ command: process.execPath, args });
  assert.equal(status, 0);
  assert.ok(await isGone(Number(output)));
});

test('stopping ends a step and what it has started, and no further one begins', async () => {
  const runner = new StepRunner();
  const args = parentOf('setInterval(() => {}, 1000)', 'setInterval(() => {}, 1000)');
  const running = runner.run({ command: process.execPath, args });
  await sleep(500);
  runner.stop();
  const { status, output } = await running;
  assert.equal(status, 1);
  assert.ok(await isGone(parseInt(output, 10)));
  assert.equal((await runner.run({ command: process.execPath, args: ['-e', '0'] })).output, 'interrupted');
});
