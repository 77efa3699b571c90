import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultShellSettings, type Shell } from '#core/api/shell-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import { answerRelay, type RelayOptions, type ShellHandlers } from '#core/client/relay.ts';

const shell: Shell = {
  kind: 'browser',
  version: '1',
  platform: 'linux',
  hasTray: null,
  isTestRuntime: false,
  problem: null,
  settings: defaultShellSettings,
};

function relay(call: (method: string, params: unknown) => unknown, errors: unknown[] = []): RelayOptions {
  const handlers: ShellHandlers = {
    'shell.describe': () => shell,
    'shell.setSettings': () => shell,
    'shell.saveFile': () => ({ isSaved: true }),
    'shell.openFile': () => ({ file: null }),
    'shell.copy': () => {
      throw new TypeError('secret text in an error');
    },
    'shell.openLink': () => ({}),
    'shell.licenses': () => ({ text: null }),
    'shell.startHelper': () => ({}),
  };
  return {
    helper: { call: async (method, params) => call(method, params) as never },
    shell: handlers,
    watch: { start: () => assert.fail('watched'), stop: () => {} },
    onInternalError: (error) => errors.push(error),
  };
}

test('a method of the helper is parsed and relayed; one of the shell is answered here', async () => {
  const asked: unknown[] = [];
  const options = relay((method, params) => {
    asked.push([method, params]);
    return {};
  });
  assert.deepEqual(await answerRelay(options, 'interface.create', { name: 'ipsec0' }), { ok: true, value: {} });
  assert.deepEqual(asked, [['interface.create', { name: 'ipsec0' }]]);
  assert.deepEqual(await answerRelay(options, 'shell.describe', {}), { ok: true, value: shell });
});

test('what is not in the contract is refused, whatever its name', async () => {
  const options = relay(() => assert.fail('relayed'));
  for (const method of ['__proto__', 'constructor', 'toString', 'status', 'x'.repeat(1e6)]) {
    const answer = await answerRelay(options, method, {});
    assert.ok(!answer.ok && answer.error.code === 'API_UNKNOWN_METHOD');
    assert.ok(answer.error.message.length < 200);
  }
});

test('wrong parameters are refused here, without repeating their values', async () => {
  const options = relay(() => assert.fail('relayed'));
  const answer = await answerRelay(options, 'setkey.run', { text: 'add 0xdeadbeef', semantics: 'wrong' });
  assert.ok(!answer.ok && answer.error.code === 'API_BAD_PARAMS');
  assert.ok(!JSON.stringify(answer).includes('deadbeef'));
});

test('a refusal of the helper keeps code, message, hint and details', async () => {
  const options = relay(() => {
    throw new IpsecError('API_DENIED', 'user 1000 may not', { uid: 1000 });
  });
  const answer = await answerRelay(options, 'association.flush', {});
  assert.ok(!answer.ok);
  assert.deepEqual(
    [answer.error.code, answer.error.message, answer.error.details['uid']],
    ['API_DENIED', 'user 1000 may not', 1000],
  );
  assert.notEqual(answer.error.hint, '');
});

test('an error of our own is told to the log and not to the window', async () => {
  const errors: unknown[] = [];
  const answer = await answerRelay(
    relay(() => ({}), errors),
    'shell.copy',
    { text: 'k', isSecret: true },
  );
  assert.ok(!answer.ok && answer.error.code === 'INTERNAL');
  assert.ok(!JSON.stringify(answer).includes('secret text'));
  assert.equal(errors.length, 1);
});
