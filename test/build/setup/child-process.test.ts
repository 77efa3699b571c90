/**
 * Tests of build/setup/child-process.mjs: statuses and signals of the command that bootstrap runs.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

type Ended = { readonly code: number | null; readonly signal: string | null; readonly output: string };

/** Run `script` under runCommand in a process of its own; `interrupt` is sent to that process, twice, once it prints. */
async function runUnderBootstrap(script: string, interrupt?: NodeJS.Signals): Promise<Ended> {
  const outer = `
    import { runCommand } from './build/setup/child-process.mjs';
    process.exitCode = await runCommand(process.execPath, ['-e', ${JSON.stringify(script)}]);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', outer], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (output === '' && interrupt !== undefined) {
      child.kill(interrupt);
      setTimeout(() => child.kill(interrupt), 50);
    }
    output += chunk.toString();
  });
  await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode, output };
}

test('the exit status of the command passes through', async () => {
  const { code } = await runUnderBootstrap('process.exit(7)');
  assert.equal(code, 7);
});

test('a signal that kills the command kills bootstrap too', async () => {
  const { signal } = await runUnderBootstrap("process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 10_000)");
  assert.equal(signal, 'SIGTERM');
});

test('an interrupt reaches the command once, and bootstrap waits for its clean-up', async () => {
  const script = `
    setInterval(() => {}, 1000);
    process.on('SIGINT', () => {
      console.log('interrupted');
      setTimeout(() => { console.log('cleaned up'); process.exit(3); }, 200);
    });
    console.log('ready');`;
  const { code, output } = await runUnderBootstrap(script, 'SIGINT');
  assert.equal(output, 'ready\ninterrupted\ncleaned up\n');
  assert.equal(code, 3);
});
