/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectHelper } from '#core/client/helper-client.ts';
import { runStatus } from '#core/cli/status-command.ts';
import { exampleStatus, fakeTerminal, startFakeHelper } from './fake-helper.ts';

test('prints the table, or with --json exactly the contract’s status', async (context) => {
  const { path } = await startFakeHelper(context, { 'status.get': () => exampleStatus });
  const connect = (): ReturnType<typeof connectHelper> => connectHelper(path);
  const table = fakeTerminal();
  assert.equal(await runStatus({ terminal: table, connect, isJson: false }), 0);
  assert.match(table.output, /^culvertd 0\.1\.0, pid 4711/);
  const json = fakeTerminal();
  assert.equal(await runStatus({ terminal: json, connect, isJson: true }), 0);
  assert.deepEqual(JSON.parse(json.output), exampleStatus);
});

test('a helper that is not there is one complaint and exit status 1', async () => {
  const terminal = fakeTerminal();
  const status = await runStatus({ terminal, connect: () => connectHelper('/nonexistent/x.sock'), isJson: true });
  assert.deepEqual([status, terminal.output], [1, '']);
  assert.match(terminal.errors, /^status: no helper: \/nonexistent\/x\.sock does not exist\n {2}Start culvertd/);
});
