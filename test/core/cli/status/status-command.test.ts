/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectHelper } from '#core/client/helper-client.ts';
import { runStatus } from '#core/cli/status/status-command.ts';
import { association } from '#test/renderer/state/example-session.ts';
import { exampleStatus, fakeTerminal, startFakeHelper } from '../fake-helper.ts';

test('prints the table, or with --json exactly the contract’s status', async (context) => {
  const { path } = await startFakeHelper(context, { 'status.get': () => exampleStatus });
  const connect = (): ReturnType<typeof connectHelper> => connectHelper(path);
  const table = fakeTerminal();
  assert.equal(await runStatus({ terminal: table, connect, isJson: false, isVerbose: false }), 0);
  assert.match(table.output, /^culvertd 0\.1\.0, pid 4711/);
  const json = fakeTerminal();
  assert.equal(await runStatus({ terminal: json, connect, isJson: true, isVerbose: false }), 0);
  assert.deepEqual(JSON.parse(json.output), exampleStatus);
});

test('a helper that is not there is one complaint and exit status 1', async () => {
  const terminal = fakeTerminal();
  const status = await runStatus({
    terminal,
    connect: () => connectHelper('/nonexistent/x.sock'),
    isJson: true,
    isVerbose: false,
  });
  assert.deepEqual([status, terminal.output], [1, '']);
  assert.match(terminal.errors, /^status: no helper: \/nonexistent\/x\.sock does not exist\n {2}Start culvertd/);
});

test('-v asks for the replay windows of what checks them, and shows them in both forms', async (context) => {
  const checking = association(0, 7, 'in', { replayBytes: 4 });
  const status = { ...exampleStatus, associations: [checking, association(0, 8, 'in', { replayBytes: 0 })] };
  const windows = [{ id: 7, size: 32, lastSequence: 3, bits: '00000005' }];
  const asked: unknown[] = [];
  const { path } = await startFakeHelper(context, {
    'status.get': () => status,
    'association.replayWindows': ({ ids }) => {
      asked.push(ids);
      return { windows };
    },
  });
  const connect = (): ReturnType<typeof connectHelper> => connectHelper(path);
  const table = fakeTerminal();
  assert.equal(await runStatus({ terminal: table, connect, isJson: false, isVerbose: true }), 0);
  assert.match(table.output, /# came, \. not yet:\n {2}1 {2}#\.#\n$/);
  const json = fakeTerminal();
  assert.equal(await runStatus({ terminal: json, connect, isJson: true, isVerbose: true }), 0);
  assert.deepEqual(JSON.parse(json.output), { ...status, replayWindows: windows });
  assert.deepEqual(asked, [[7], [7]]);
});
