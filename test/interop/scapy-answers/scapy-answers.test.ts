/**
 * Scapy at the far end: it decrypts our pings and we decrypt its answers, for every suite that both know.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, suite, test } from 'node:test';
import { missingForPeers } from '#build/test/machine.ts';
import { InteropGateway, tunnels, type InteropTunnel } from '#test/interop/gateway.ts';
import { listSuites, type InteropSuite } from '#test/interop/suites.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { scapyEncryption, scapyIntegrity } from './algorithm-names.ts';
import { ScapyPeer } from './scapy-peer.ts';

const suites = listSuites();
const known = suites.filter((row) => isKnown(row));

suite('scapy answers', { skip: missingForPeers() ?? missingForTunnels() ?? false }, () => {
  let gateway: InteropGateway | null = null;
  let peer: ScapyPeer | null = null;

  before(async () => {
    gateway = await InteropGateway.open();
    peer = await ScapyPeer.start(gateway.peerNamespace);
  });
  after(async () => {
    await peer?.stop();
    await gateway?.close();
  });

  for (const row of known) {
    // scapy has extended sequence numbers for AEADs only.
    for (const hasEsn of row.isAead ? [false, true] : [false]) {
      test(`${row.name}${hasEsn ? ' with extended sequence numbers' : ''}`, () => exchange(row, hasEsn));
    }
  }

  test('nothing was dropped, and everything that was sent came back', async () => {
    assert.ok(gateway !== null);
    const { interfaces, drops } = await gateway.culvertd.ask('status.get', {});
    assert.deepEqual(drops, []);
    const pings = known.reduce((sum, row) => sum + (row.isAead ? 2 : 1), 0);
    for (const { counters, drops: own } of interfaces) {
      assert.deepEqual([counters.outputPackets, counters.inputPackets, own], [pings, pings, []]);
    }
  });

  async function exchange(row: InteropSuite, hasEsn: boolean): Promise<void> {
    assert.ok(gateway !== null && peer !== null);
    const { name } = gateway.namespace;
    await peer.install(await gateway.install(row, hasEsn));
    const answered = await Promise.all(tunnels.map((tunnel) => ping(name, tunnel)));
    const titles = tunnels.map(({ title }) => title);
    const failed = titles.filter((_, index) => answered[index] === false);
    assert.deepEqual(failed, [], JSON.stringify(peer.lines));
  }
});

for (const row of suites.filter((one) => !isKnown(one))) {
  test(`${row.name}`, { skip: 'unknown to scapy' }, () => {});
}

function isKnown({ encryption, integrity }: InteropSuite): boolean {
  return scapyEncryption[encryption] !== null && (integrity === null || scapyIntegrity[integrity] !== null);
}

function ping(namespace: string, { innerPeer }: InteropTunnel): Promise<boolean> {
  const words = ['netns', 'exec', namespace, 'ping', '-n', '-c', '1', '-W', '3', innerPeer];
  return new Promise((resolve, reject) => {
    spawn('ip', words, { stdio: 'ignore' })
      .once('error', reject)
      .once('close', (status) => resolve(status === 0));
  });
}
