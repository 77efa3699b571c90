/**
 * Tests of build/test/step.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { StepRunner } from '#build/test/step.ts';
import { until } from '#test/support/until.ts';

/** A program that starts another one, prints its process id, and goes on as told. */
function parentOf(script: string, then: string): readonly string[] {
  const start = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(script)}]);`;
  return ['-e', `${start} console.log(child.pid); ${then}`];
}

/** Wait until a process has ended. One that nobody has waited for yet has, too. */
async function gone(pid: number): Promise<void> {
  assert.ok(pid > 0, 'the step has told its child');
  await until(() => {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout.trim() === '' || stdout.startsWith('Z');
  });
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
  await gone(Number(output));
});

test('stopping ends a step and what it has started, and no further one begins', async (t) => {
  const runner = new StepRunner();
  const folder = mkdtempSync(join(tmpdir(), 'culvert-step-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const started = join(folder, 'started');
  const goOn = `require('node:fs').writeFileSync(${JSON.stringify(started)}, ''); setInterval(() => {}, 1000)`;
  const args = parentOf('setInterval(() => {}, 1000)', goOn);
  const running = runner.run({ command: process.execPath, args });
  await until(() => existsSync(started));
  runner.stop();
  const { status, output } = await running;
  assert.equal(status, 1);
  await gone(parseInt(output, 10));
  assert.equal((await runner.run({ command: process.execPath, args: ['-e', '0'] })).output, 'interrupted');
});
