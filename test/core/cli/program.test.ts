/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCulvert } from '#core/cli/program.ts';
import { exampleStatus, fakeTerminal, startFakeHelper, type FakeTerminal } from './fake-helper.ts';

async function culvert(
  line: string,
  socketPath?: string,
): Promise<{ readonly status: number; readonly terminal: FakeTerminal }> {
  const terminal = fakeTerminal();
  const words = line.split(' ').filter((word) => word !== '');
  return { status: await runCulvert(words, { terminal, version: '1.2.3', socketPath }), terminal };
}

test('--socket wins over the environment, for every command', async (context) => {
  const { path } = await startFakeHelper(context, {
    'status.get': () => exampleStatus,
    'policy.dump': () => ({ text: 'x\n' }),
  });
  for (const line of ['status --json', 'ifconfig -a', 'ifconfig ipsec0 -link2', 'setkey -DP']) {
    assert.equal((await culvert(`--socket ${path} ${line}`, '/nonexistent/a.sock')).status, 0, line);
    assert.equal((await culvert(line, path)).status, 0, line);
    assert.equal((await culvert(`${line} --socket ${path}`, '/nonexistent/a.sock')).status, 0, line);
    assert.equal((await culvert(`${line} --socket=${path}`, '/nonexistent/a.sock')).status, 0, line);
  }
});

test('help goes to standard output and is no failure', async () => {
  for (const [line, text] of [
    ['--help', /status .*ifconfig .*setkey /s],
    ['ifconfig --help', /culvert ifconfig ipsecN tunnel LOCAL/],
    ['setkey --help', /culvert setkey -f FILE/],
    ['status --help', /--json/],
    ['--version', /^1\.2\.3$/m],
  ] as const) {
    const { status, terminal } = await culvert(line);
    assert.deepEqual([status, terminal.errors], [0, ''], line);
    assert.match(terminal.output, text);
  }
});

test('an unknown command or option is one line with the word and the nearest known one', async () => {
  for (const [line, text] of [
    ['statsu', /^culvert: unknown command 'statsu' \(Did you mean status\?\)[^\n]*\n$/],
    ['--sokcet x status', /^culvert: unknown option '--sokcet' \(Did you mean --socket\?\)[^\n]*\n$/],
    ['status --jsn', /^culvert: unknown option '--jsn' \(Did you mean --json\?\)[^\n]*\n$/],
    ['frobnicate', /^culvert: unknown command 'frobnicate'; culvert --help lists the commands\n$/],
    ['diff a.conf', /^culvert: missing required argument 'file2'; culvert diff --help says how\n$/],
  ] as const) {
    const { status, terminal } = await culvert(line);
    assert.equal(status, 1, line);
    assert.match(terminal.errors, text);
  }
});

test('no command at all is a failure that shows the help', async () => {
  const { status, terminal } = await culvert('');
  assert.equal(status, 1);
  assert.match(terminal.errors, /Usage: culvert/);
});
