import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { familyOf, parsePrivateKilobytes, processorMs } from '../process-family.ts';

test('private memory is what smaps_rollup says is private, clean and dirty', () => {
  const text = 'Rss:  900 kB\nShared_Clean:   100 kB\nPrivate_Clean:    20 kB\nPrivate_Dirty:   300 kB\n';
  assert.equal(parsePrivateKilobytes(text), 320);
  assert.equal(parsePrivateKilobytes(''), 0);
});

test('a family is a process with all that descend from it, and who has gone takes no time', async () => {
  const child = spawn('sh', ['-c', 'cat; :'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await new Promise((resolve) => child.once('spawn', resolve));
  while (familyOf(child.pid ?? 0).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(familyOf(process.pid).includes(child.pid ?? 0));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  await ended;
  assert.equal(processorMs([child.pid ?? 0]), 0);
});
