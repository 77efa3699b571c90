/**
 * Tshark reads a capture of our packets: for every suite that it knows it shows the echo request inside, and that the
 * ICV is right.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { missingForPeers } from '#build/test/machine.ts';
import { InteropGateway, tunnels, type InteropAssociation } from '#test/interop/gateway.ts';
import { listSuites } from '#test/interop/suites.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { associationPreference, canCheckIcv, canDecrypt } from './esp-preferences.ts';

/** What tshark saw of a packet. */
type Dissection = { readonly isIcvGood: boolean; readonly isIcvBad: boolean; readonly echoType: string };

const suites = listSuites();
const echoRequest = { 4: '8', 6: '128' } as const;
const captureFilter = 'src host 192.0.2.1 or src host 2001:db8::1';

suite('tshark decrypts', { skip: missingForPeers() ?? missingForTunnels() ?? false }, () => {
  const associations: InteropAssociation[] = [];
  let dissections: ReadonlyMap<number, Dissection> = new Map();

  before(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'culvert-tshark-'));
    const gateway = await InteropGateway.open();
    try {
      const file = join(directory, 'wire.pcap');
      associations.push(...(await captureAll(gateway, file)));
      dissections = dissect(file, associations);
    } finally {
      await gateway.close();
      rmSync(directory, { recursive: true });
    }
  });
  after(() => associations.splice(0));

  for (const row of suites.filter((one) => canDecrypt(one))) {
    test(`${row.name}${canCheckIcv(row) ? '' : ' (its ICV is not checked)'}`, () => {
      const seen = associations
        .filter((association) => association.suite === row)
        .map(({ tunnel, spiOut }) => ({ title: tunnel.title, ...dissections.get(spiOut) }));
      const expected = tunnels.map(({ title, innerFamily }) => ({
        title,
        isIcvGood: canCheckIcv(row),
        isIcvBad: false,
        echoType: echoRequest[innerFamily],
      }));
      assert.deepEqual(seen, expected);
    });
  }

  for (const row of suites.filter((one) => !canDecrypt(one))) {
    test(row.name, { skip: 'unknown to tshark' }, () => {});
  }
});

/** One ping in each tunnel under each suite, captured where the peer would be; nobody answers. */
async function captureAll(gateway: InteropGateway, file: string): Promise<readonly InteropAssociation[]> {
  const tcpdump = gateway.peerNamespace.start(
    'tcpdump',
    ...['-i', 'wan0', '--immediate-mode', '-U', '-Z', 'root', '-w', file, captureFilter],
  );
  try {
    await untilListening(tcpdump);
    const all: InteropAssociation[] = [];
    for (const row of suites.filter((one) => canDecrypt(one))) {
      const installed = await gateway.install(row, false);
      await Promise.all(tunnels.map(({ innerPeer }) => sendEcho(gateway.namespace.name, innerPeer)));
      await untilUsed(gateway, installed);
      all.push(...installed);
    }
    await untilQuiet(file);
    return all;
  } finally {
    tcpdump.kill('SIGTERM');
    if (tcpdump.exitCode === null && tcpdump.signalCode === null) await once(tcpdump, 'exit');
  }
}

/** Wait until every association has sent: on a busy machine that may take longer than ping waits, and the next flush would be first. */
async function untilUsed(gateway: InteropGateway, installed: readonly InteropAssociation[]): Promise<void> {
  const awaited = new Set(installed.map(({ spiOut }) => spiOut));
  for (let tries = 0; tries < 250 && awaited.size > 0; tries++) {
    const { associations } = await gateway.culvertd.ask('status.get', {});
    for (const { spi, usage } of associations) if (usage.packets > 0) awaited.delete(spi);
    if (awaited.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilListening(tcpdump: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    tcpdump.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('listening on')) resolve();
    });
    tcpdump.once('exit', () => reject(new Error(`tcpdump ended: ${said}`)));
  });
}

/** Wait until the file no longer grows. */
async function untilQuiet(file: string): Promise<void> {
  let before = -1;
  for (let size = 0; size !== before; size = statSync(file).size) {
    before = size;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function sendEcho(namespace: string, destination: string): Promise<void> {
  const words = ['netns', 'exec', namespace, 'ping', '-n', '-c', '1', '-W', '0.05', destination];
  return new Promise((resolve, reject) => {
    spawn('ip', words, { stdio: 'ignore' })
      .once('error', reject)
      .once('close', () => resolve());
  });
}

/** SPI → what tshark shows. */
function dissect(file: string, associations: readonly InteropAssociation[]): ReadonlyMap<number, Dissection> {
  const preferences = [
    'esp.enable_encryption_decode:TRUE',
    'esp.enable_authentication_check:TRUE',
    ...associations.map((association) => associationPreference(association)),
  ].flatMap((preference) => ['-o', preference]);
  const fields = ['esp.spi', 'esp.icv_good', 'esp.icv_bad', 'icmp.type', 'icmpv6.type'].flatMap((name) => ['-e', name]);
  const words = ['-n', '-r', file, ...preferences, '-Y', 'esp', '-T', 'fields', ...fields];
  const { status, stdout, stderr } = spawnSync('tshark', words, { encoding: 'utf8', env: tsharkEnvironment() });
  assert.equal(status, 0, stderr);
  const rows = stdout.trimEnd().split('\n');
  return new Map(
    rows.map((line) => {
      const [spi = '', good, bad, icmp = '', icmp6 = ''] = line.split('\t');
      const dissection = { isIcvGood: isTrue(good), isIcvBad: isTrue(bad), echoType: icmp || icmp6 };
      return [Number(spi), dissection] as const;
    }),
  );
}

/** No preferences but ours. */
function tsharkEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' };
}

function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'True';
}
