/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckView } from '#core/api/desktop-contract.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import { formatChecks, runDiagnose } from '#core/cli/diagnose/diagnose-command.ts';
import { fakeTerminal, startFakeHelper } from '#test/core/cli/fake-helper.ts';

const ok: CheckView = {
  id: 'config',
  title: 'Configured',
  state: 'passed',
  evidence: 'It is.',
  meaning: '',
  remedy: '',
};
const bad: CheckView = {
  ...{ id: 'heard', title: 'Heard', state: 'failed', evidence: 'Nothing.' },
  ...{ meaning: 'No answer.', remedy: 'Open ESP.' },
};

test('a check is a line, and one that failed says what it means and what to do', () => {
  assert.equal(
    formatChecks([ok, bad, { ...bad, state: 'skipped' }]),
    [
      'ok       Configured: It is.',
      'FAILED   Heard: Nothing.',
      '         No answer.',
      '         Open ESP.',
      '-        Heard: Nothing.\n',
    ].join('\n'),
  );
});

test('the exit status is 1 when a check failed, and --json is the contract’s result', async (context) => {
  const reportOf = (...checks: readonly CheckView[]) => ({ interface: 'ipsec0', checks: [...checks] });
  const results = [reportOf(ok), reportOf(ok, bad)] as const;
  const asked: unknown[] = [];
  const { path } = await startFakeHelper(context, {
    'tunnel.verify': (params: unknown) => {
      asked.push(params);
      return asked.length === 1 ? results[0] : results[1];
    },
  });
  const connect = (): ReturnType<typeof connectHelper> => connectHelper(path);
  const terminal = fakeTerminal();
  assert.equal(await runDiagnose({ name: 'office', target: null, isJson: true }, { terminal, connect }), 0);
  assert.deepEqual(JSON.parse(terminal.output), results[0]);
  const request = { name: 'office', target: '10.2.0.1', isJson: false };
  assert.equal(await runDiagnose(request, { terminal: fakeTerminal(), connect }), 1);
  assert.deepEqual(asked, [
    { name: 'office', target: null },
    { name: 'office', target: '10.2.0.1' },
  ]);
});

test('a helper that is not there is one complaint', async () => {
  const terminal = fakeTerminal();
  const connect = (): ReturnType<typeof connectHelper> => connectHelper('/nonexistent/x.sock');
  assert.equal(await runDiagnose({ name: 'office', target: null, isJson: false }, { terminal, connect }), 1);
  assert.match(terminal.errors, /^diagnose: no helper/);
});
