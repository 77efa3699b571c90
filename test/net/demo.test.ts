/**
 * The demo in real network namespaces: it proves the tunnel, and nothing of it stays, however it ends.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { missingForTunnels } from '#test/support/native-package.ts';

const demoPath = fileURLToPath(new URL('../../examples/two-gateways/demo.ts', import.meta.url));

type Demo = { readonly child: ChildProcess; readonly ended: Promise<number | null>; readonly story: () => string };

/** Start the demo, and send `signal` once its story holds `moment`. */
function startDemo(args: readonly string[], moment = '', signal: NodeJS.Signals = 'SIGINT'): Demo {
  const child = spawn(process.execPath, [demoPath, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let story = '';
  const hear = (piece: Buffer): void => {
    const wasBefore = !story.includes(moment);
    story += piece.toString();
    if (wasBefore && story.includes(moment)) child.kill(signal);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return { child, ended: once(child, 'close').then(([status]) => status), story: () => story };
}

/** Namespaces and directories of a demo. */
function tracesOf({ child }: Demo): string[] {
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  const mark = new RegExp(`^culvert-(demo-)?${child.pid}-`);
  return [...namespaces, ...readdirSync(tmpdir())].filter((name) => mark.test(name));
}

suite('the demo in namespaces', { skip: missingForTunnels() ?? false }, () => {
  for (const args of [['--outer', 'ipv4'], ['--outer', 'ipv6'], ['--nat-t'], ['--nat-t', '--outer', 'ipv6']]) {
    test(`${args.join(' ')}: the tunnel holds, and everything is gone afterwards`, async () => {
      const demo = startDemo([...args, '--bytes', '4M']);
      assert.equal(await demo.ended, 0, demo.story());
      assert.match(demo.story(), /The tunnel holds\.\n$/);
      assert.deepEqual(tracesOf(demo), []);
    });
  }

  for (const [moment, signal, status] of [
    ['Four machines', 'SIGINT', 130],
    ['culvertd in both', 'SIGTERM', 143],
    ['over TCP', 'SIGHUP', 129],
  ] as const) {
    test(`${signal} at "${moment}" ends it with status ${status}, and everything is gone`, async () => {
      const demo = startDemo([], moment, signal);
      assert.equal(await demo.ended, status, demo.story());
      assert.deepEqual(tracesOf(demo), []);
    });
  }

  test('what a demo left that was killed outright is swept by the next', async () => {
    const killed = startDemo([], 'Capture of the wire', 'SIGKILL');
    await killed.ended;
    assert.notDeepEqual(tracesOf(killed), []);
    const next = startDemo(['--bytes', '1M']);
    assert.equal(await next.ended, 0, next.story());
    assert.deepEqual([...tracesOf(killed), ...tracesOf(next)], []);
  });
});
