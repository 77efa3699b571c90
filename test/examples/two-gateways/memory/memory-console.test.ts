import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { StatusUpdate } from '#core/api/watch/watch-contract.ts';
import { connectHelper, type HelperClient } from '#core/client/helper-client.ts';
import { buildTwoGateways, type TwoGateways } from '#core/host/memory/two-gateways.ts';
import { openMemoryConsole } from '#examples/two-gateways/memory/memory-console.ts';
import { Processes } from '#examples/two-gateways/netns/process.ts';

test('a window over the in-process network hears what changes, second by second of the network’s time', async (t) => {
  const { network, client } = await openConsole(t);
  const { status } = await client.call('status.watch', { everyMs: 1000 });
  assert.deepEqual(status.interfaces, []);
  const heard = new Promise<StatusUpdate | null>((resolve) => client.hearUpdates(resolve));
  await client.call('interface.create', { name: 'ipsec0' });
  network.clock.advance(1000);
  const update = await heard;
  assert.deepEqual(
    update?.changes.interfaces?.items.map(({ name }) => name),
    ['ipsec0'],
  );
  assert.equal(update.nowMs - status.nowMs, 1000);
});

test('a window over the in-process network finds history, events, profiles and the machine’s networks', async (t) => {
  const { network, client } = await openConsole(t);
  await client.call('interface.create', { name: 'ipsec0' });
  network.clock.advance(3000);
  const { points } = await client.call('history.get', { name: 'ipsec0', span: '1min' });
  assert.ok(points.length >= 2);
  const { events } = await client.call('timeline.list', { limit: 10 });
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['interface-created', 'helper-started'],
  );
  assert.deepEqual((await client.call('profile.list', {})).profiles, []);
  const { addresses } = await client.call('host.networks', {});
  assert.ok(addresses.some(({ device, address }) => device === 'wm1' && address === '192.168.100.1'));
});

test('what serves a console is gone when it is undone, also while somebody watches', async (t) => {
  const { client, directory, close } = await openConsole(t);
  await client.call('status.watch', { everyMs: 1000 });
  close();
  await assert.rejects(client.call('status.get', {}), { code: 'HELPER_UNREACHABLE' });
  assert.equal(existsSync(join(directory, 'NetBSD_A/control.sock')), false);
});

type OpenConsole = {
  readonly network: TwoGateways;
  readonly client: HelperClient;
  readonly directory: string;
  readonly close: () => void;
};

/** NetBSD_A's console with a client. */
async function openConsole(t: TestContext): Promise<OpenConsole> {
  const directory = mkdtempSync(join(tmpdir(), 'culvert-console-'));
  const undo: (() => void)[] = [];
  const close = (): void =>
    undo
      .splice(0)
      .reverse()
      .forEach((step) => step());
  t.after(() => {
    close();
    rmSync(directory, { recursive: true, force: true });
  });
  const network = buildTwoGateways();
  const processes = new Processes(new AbortController().signal);
  const { socket } = await openMemoryConsole({ processes, directory, undo }, network, network.a);
  const client = await connectHelper(socket);
  t.after(() => client.close());
  return { network, client, directory, close };
}
