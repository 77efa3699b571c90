/**
 * The demo as a program, over the in-process network: what it prints and how it ends.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const demoPath = fileURLToPath(new URL('../../../examples/two-gateways/demo.ts', import.meta.url));

function startDemo(...args: string[]) {
  const child = spawn(process.execPath, [demoPath, '--memory', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, ended] = [text(child.stdout), text(child.stderr), once(child, 'close')];
  return { child, stdout, stderr, ended };
}

function directoriesOf(pid: number | undefined): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`culvert-demo-${pid}-`));
}

for (const args of [[], ['--outer', 'ipv6'], ['--nat-t']]) {
  test(`demo ${args.join(' ')} proves the tunnel and prints one object`, async () => {
    const { child, stdout, stderr, ended } = startDemo('--json', '--bytes', '100k', ...args);
    const [status] = await ended;
    assert.equal(status, 0, await stderr);
    const result: unknown = JSON.parse(await stdout);
    assert.ok(
      typeof result === 'object' && result !== null && 'ok' in result && 'mode' in result && 'policies' in result,
    );
    assert.deepEqual([result.ok, result.mode, result.policies], [true, 'memory', 4]);
    assert.deepEqual(directoriesOf(child.pid), []);
  });
}

test('the story has no key in it', async () => {
  const { stdout, ended } = startDemo('--bytes', '1k');
  await ended;
  const story = await stdout;
  assert.match(story, /The tunnel holds\.\n$/);
  assert.doesNotMatch(story, /([0-9a-f]{8} ?){4}/i);
});

for (const moment of ['Both gateways', 'setkey -f', 'in TCP segments']) {
  test(`a demo that is interrupted at "${moment}" ends with the status of the signal and leaves nothing`, async () => {
    const child = spawn(process.execPath, [demoPath, '--memory', '--keep'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let story = '';
    child.stdout.on('data', (piece) => {
      const wasBefore = !story.includes(moment);
      story += String(piece);
      if (wasBefore && story.includes(moment)) child.kill('SIGTERM');
    });
    const [status] = await once(child, 'close');
    assert.equal(status, 143, story);
    assert.deepEqual(directoriesOf(child.pid), []);
  });
}

test('a mistake in the arguments is one line and status 1', async () => {
  const { stdout, stderr, ended } = startDemo('--outer', 'ipx');
  const [status] = await ended;
  assert.equal(status, 1);
  assert.equal(await stdout, '');
  assert.equal(await stderr, 'demo: --outer: "ipx" is neither ipv4 nor ipv6\n');
});
