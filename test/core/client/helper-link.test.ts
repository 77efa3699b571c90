import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { contractVersion } from '#core/api/contract.ts';
import type { ApiEvent } from '#core/api/event.ts';
import type { HelperLink } from '#core/api/relay.ts';
import { IpsecError } from '#core/base/error.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { keepLink, type LinkKeeper } from '#core/client/helper-link.ts';

type Fake = HelperClient & { lose(): void; tell(event: ApiEvent): void };

function fakeClient(theirs: number): Fake {
  let listener: (event: ApiEvent) => void = () => {};
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  return {
    call: (method) =>
      Promise.resolve(
        (method === 'session.get'
          ? { contractVersion: theirs, helperVersion: '9.9.9', canOperate: true }
          : {}) as never,
      ),
    watch(heard) {
      listener = heard;
      return promise;
    },
    hearUpdates: () => {},
    close: () => {},
    lose: () => reject(new IpsecError('HELPER_UNREACHABLE', 'culvertd closed the connection')),
    tell: (event) => listener(event),
  };
}

/** A keeper over the given attempts, with what it said. */
function keepOver(attempts: readonly (() => Promise<HelperClient>)[], meetMs = 10_000) {
  const links: HelperLink[] = [];
  const events: ApiEvent[] = [];
  const emitter = new EventTarget();
  let next = 0;
  const keeper: LinkKeeper = keepLink({
    socketPath: '/run/none.sock',
    startCommand: 'sudo culvertd',
    retryMs: 5,
    meetMs,
    onLink: (link) => {
      links.push(link);
      emitter.dispatchEvent(new Event(link.state));
    },
    onEvent: (event) => events.push(event),
    connect: () => (attempts[next++] ?? (() => Promise.reject(new IpsecError('HELPER_UNREACHABLE', 'gone'))))(),
  });
  return { keeper, links, events, when: (state: HelperLink['state']) => once(emitter, state) };
}

test('a helper that answers is connected, relays calls and events, and is found again after it was lost', async () => {
  const first = fakeClient(contractVersion);
  const second = fakeClient(contractVersion);
  const { keeper, links, events, when } = keepOver([async () => first, async () => second]);
  await when('connected');
  const event: ApiEvent = { kind: 'flush', atMs: 1, dropped: 0, pid: 1 } as never;
  first.tell(event);
  assert.deepEqual(events, [event]);
  await keeper.call('association.flush', {});
  first.lose();
  await when('absent');
  await when('connected');
  assert.deepEqual(
    links.map(({ state }) => state),
    ['connected', 'absent', 'connected'],
  );
  keeper.close();
});

test('a helper of another contract is told apart, and not called', async () => {
  const { keeper, when } = keepOver([async () => fakeClient(contractVersion + 1)]);
  await when('mismatch');
  assert.match(keeper.link().message, /speaks version/);
  await assert.rejects(keeper.call('status.get', {}), { code: 'HELPER_UNREACHABLE' });
  keeper.close();
});

test('a socket that is closed to the user says so, with no command that would not help', async () => {
  const denied = (): Promise<HelperClient> => Promise.reject(new IpsecError('HELPER_DENIED', 'this user may not'));
  const { keeper, when } = keepOver([denied]);
  await when('denied');
  assert.equal(keeper.link().command, null);
  keeper.close();
});

test('without a helper the link holds the one line to type', async () => {
  const { keeper, when } = keepOver([]);
  await when('absent');
  assert.equal(keeper.link().command, 'sudo culvertd');
  keeper.close();
});

test('a helper that says nothing is said to hang, and is asked again', async () => {
  const silent: HelperClient = { ...fakeClient(contractVersion), call: () => new Promise<never>(() => {}) };
  const { keeper, links, when } = keepOver([async () => silent, async () => fakeClient(contractVersion)], 20);
  await when('absent');
  assert.match(links[0]?.message ?? '', /does not answer/);
  await when('connected');
  keeper.close();
});
