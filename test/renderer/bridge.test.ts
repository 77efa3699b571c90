import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { connectBridge, type Bridge, type Carrier } from '#renderer/bridge.ts';

/** A bridge over the functions that a preload exposes. */
function bridgeOver(carrier: Partial<Carrier>): Bridge {
  const silent: Carrier = { ask: async () => null, listen: () => () => undefined };
  Reflect.set(globalThis, 'window', { culvert: { ...silent, ...carrier } });
  return connectBridge();
}

afterEach(() => void Reflect.deleteProperty(globalThis, 'window'));

const failure = async (bridge: Bridge): Promise<IpsecError> =>
  bridge.call('shell.openFile', {}).then(
    () => assert.fail('it gave a result'),
    (error: unknown) => (error instanceof IpsecError ? error : assert.fail(String(error))),
  );

test('a call gives the result, and asks by name with what it was given', async () => {
  const asked: unknown[] = [];
  const bridge = bridgeOver({
    ask: async (...call) => {
      asked.push(call);
      return { ok: true, value: { file: null } };
    },
  });
  assert.deepEqual(await bridge.call('shell.openFile', {}), { file: null });
  assert.deepEqual(asked, [['shell.openFile', {}]]);
});

test('a shell that is lost is an error that names the method', async () => {
  const error = await failure(bridgeOver({ ask: () => Promise.reject(new Error('gone')) }));
  assert.equal(error.code, 'HELPER_UNREACHABLE');
  assert.match(error.message, /shell\.openFile: gone/);
});

test('what the page’s own half of the shell refuses is told as it is, not as a helper that is away', async () => {
  const refusal = new IpsecError('API_MESSAGE_TOO_LONG', 'film.iso is longer than 4194304 bytes');
  assert.equal(await failure(bridgeOver({ ask: () => Promise.reject(refusal) })), refusal);
});

test('an answer that the contract does not know is refused, not shown', async () => {
  const error = await failure(bridgeOver({ ask: async () => ({ ok: true, value: { file: 7 } }) }));
  assert.notEqual(error.code, 'HELPER_UNREACHABLE');
});

test('pushes that fit the contract are heard, others are not, and the end is the carrier’s', () => {
  let push: (push: unknown) => void = () => undefined;
  let hasEnded = false;
  const bridge = bridgeOver({
    listen: (listener) => {
      push = listener;
      return () => void (hasEnded = true);
    },
  });
  const heard: string[] = [];
  const end = bridge.listen(({ kind }) => void heard.push(kind));
  push({ kind: 'nonsense' });
  push(null);
  push({ kind: 'link', link: { state: 'connecting', message: 'm', hint: 'h', command: 'culvert ui' } });
  assert.deepEqual(heard, ['link']);
  end();
  assert.ok(hasEnded);
});
