/**
 * Child processes of a run.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { CommandFailed, Processes } from '#examples/two-gateways/netns/process.ts';

function idle(seconds = '60'): [string, ...string[]] {
  return ['sleep', seconds];
}

test('gives the output of a command, and feeds it its input', async () => {
  const processes = new Processes(new AbortController().signal);
  assert.deepEqual(await processes.run(['cat'], { input: 'hello\n' }), { status: 0, stdout: 'hello\n', stderr: '' });
});

test('a command that fails throws with what it said', async () => {
  const processes = new Processes(new AbortController().signal);
  await assert.rejects(processes.run(['sh', '-c', 'echo no such thing >&2; exit 3']), (error) => {
    assert.ok(error instanceof CommandFailed);
    assert.match(error.message, /no such thing/);
    assert.equal(error.output.status, 3);
    return true;
  });
  assert.equal((await processes.run(['false'], { mayFail: true })).status, 1);
});

test('a program that is not there throws', async () => {
  const processes = new Processes(new AbortController().signal);
  await assert.rejects(processes.run(['/nonexistent/program']), /ENOENT/);
});

test('a command that takes too long is killed', async () => {
  const processes = new Processes(new AbortController().signal);
  await assert.rejects(processes.run(idle(), { timeoutMs: 50, mayFail: true }), /not done after 0.05 s/);
});

test('an aborted run ends its commands with the reason, and starts no more', async () => {
  const controller = new AbortController();
  const processes = new Processes(controller.signal);
  const running = processes.run(idle());
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(running, reason);
  await assert.rejects(processes.run(['true']), reason);
  assert.throws(() => processes.start(['true']), reason);
});

test('nothing that was started outlives stopAll, and nothing starts after it', async () => {
  const processes = new Processes(new AbortController().signal);
  const children = [processes.start(idle()), processes.start(idle())];
  await processes.stopAll();
  for (const { pid } of children) assert.equal(existsSync(`/proc/${pid}`), false);
  assert.throws(() => processes.start(['true']), /too late/);
});

test('a program that ignores the signal is killed after a while', async () => {
  const processes = new Processes(new AbortController().signal);
  const stubborn = processes.start(['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done']);
  await stubborn.waitFor('ready', 5000);
  await stubborn.stop('SIGTERM', 50);
  assert.equal(existsSync(`/proc/${stubborn.pid}`), false);
});

test('waiting for a text ends when the program does', async () => {
  const processes = new Processes(new AbortController().signal);
  await assert.rejects(processes.start(['sh', '-c', 'echo sorry >&2']).waitFor('ready', 5000), /sorry/);
  await assert.rejects(processes.start(idle('0.3')).waitFor('ready', 20), /waited in vain for "ready"/);
  await processes.stopAll();
});
