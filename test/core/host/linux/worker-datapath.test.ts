/**
 * The two worker threads over real devices in a namespace: snapshots acknowledged, packets decided, a dead worker told.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { missingForTunnels } from '#test/support/native-package.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

suite('the datapath workers', { skip: missingForTunnels() ?? false }, () => {
  let namespace: NetworkNamespace;
  before(() => {
    namespace = new NetworkNamespace('workers');
  });
  after(() => namespace.remove());

  /** Run statements over a started `datapath`; `failures` has what its onFailure heard. */
  const evaluate = (statements: string): unknown =>
    namespace.evaluate(`
      import { execFileSync } from 'node:child_process';
      import { InterfaceCell } from '#core/datapath/counters.ts';
      import { dropReasons } from '#core/datapath/drop-reason.ts';
      import { LinuxHost } from '#core/host/linux/linux-host.ts';
      import { loadNative } from '#core/host/linux/native.ts';
      import { WorkerDatapath } from '#core/host/linux/worker-datapath.ts';
      const native = loadNative();
      const host = new LinuxHost(native, true);
      const failures = [];
      const datapath = new WorkerDatapath(native, (error) => failures.push(error.message));
      const empty = (version) => ({ version, interfaces: [], outbound: [], inbound: [], sockets: [] });
      const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const device = (tun) => ({ slot: 1, name: 'ipsec0', tun, isUp: true, mtu: 1280, isEcnFriendly: false,
        forwardsIpv6: false, outerTtl: 64, dontFragment: 'clear', pathMtuDiscovery: false, followsPeer: false,
        keepalives: false, tfcMultiple: 0, dummiesPerSecond: 0, outer: null, ipv4: null, ipv6: null });
      const run = async () => { ${statements} };
      const result = await run();
      await datapath.stop();
      console.log(JSON.stringify(result));`);

  test('a snapshot is applied by both, many in a burst too, and stopping ends both threads', () => {
    const seen = evaluate(`
      await datapath.publish(empty(1));
      await Promise.all(Array.from({ length: 50 }, (_, index) => datapath.publish(empty(index + 2))));
      return failures;`);
    assert.deepEqual(seen, []);
  });

  test('an idle worker applies a snapshot within milliseconds', () => {
    const ms = evaluate(`
      await datapath.publish(empty(1));
      const times = [];
      for (let version = 2; version < 12; version++) {
        const start = performance.now();
        await datapath.publish(empty(version));
        times.push(performance.now() - start);
        await sleep(10);
      }
      return times.sort((left, right) => left - right)[5];`);
    assert.ok(typeof ms === 'number' && ms < 50, `median ${String(ms)} ms`);
  });

  test('a packet into a device is read and counted by the outbound worker', () => {
    const seen = evaluate(`
      const tun = await host.createInterface('ipsec0', 1280);
      await datapath.publish({ ...empty(1), interfaces: [device(tun)] });
      await host.addAddress('ipsec0', { address: '172.16.1.1', prefixLength: 24, peer: null });
      try { execFileSync('ping', ['-c', '3', '-i', '0.05', '-W', '1', '172.16.1.2'], { stdio: 'ignore' }); } catch {}
      const drops = datapath.counters.drops(1, dropReasons.outNotConfigured.number);
      await datapath.publish(empty(2));
      await host.destroyInterface('ipsec0', tun);
      return drops;`);
    assert.equal(seen, 3);
  });

  test('who waits for a packet is told of the first one, and sees before whether one has come', () => {
    const seen = evaluate(`
      const tun = await host.createInterface('ipsec0', 1280);
      await datapath.publish({ ...empty(1), interfaces: [device(tun)] });
      await host.addAddress('ipsec0', { address: '172.16.1.1', prefixLength: 24, peer: null });
      let told = 0;
      datapath.onMovement(() => (told += 1));
      const ping = () => {
        try { execFileSync('ping', ['-c', '3', '-i', '0.05', '-W', '1', '172.16.1.2'], { stdio: 'ignore' }); } catch {}
      };
      const { movement } = datapath;
      movement.take();
      ping();
      await sleep(100);
      const unasked = [told, movement.awaitNext(), movement.take()];
      const asked = [movement.awaitNext()];
      ping();
      for (let turn = 0; turn < 200 && told === 0; turn++) await sleep(10);
      asked.push(told, movement.take());
      await datapath.publish(empty(2));
      await host.destroyInterface('ipsec0', tun);
      return [unasked, asked];`);
    assert.deepEqual(seen, [
      [0, false, true],
      [true, 1, true],
    ]);
  });

  test('tells of the replay windows of what it receives on, and of none that is not there', () => {
    const seen = evaluate(`
      const address = new Uint8Array(16);
      const association = { id: 5, slot: 1, spi: 0x1000, transform: 0, family: 4, source: address, destination: address,
        udp: null, reqid: 0, ivBytes: 8, icvBytes: 16, blockBytes: 4, hasCounterIv: true, ivHighs: [], hasEsn: true,
        replayWindow: 64, initialSequence: 2 ** 32 + 7, checksPadding: true, hardBytes: 0, hardPackets: 0, socket: -1 };
      const unchecked = { ...association, id: 6, spi: 0x1001, slot: 2, replayWindow: 0 };
      await datapath.publish({ ...empty(1), inbound: [association, unchecked] });
      const windows = await datapath.replayWindows([6, 5, 4711]);
      return windows.map((window) => window && [window.size, window.highest, window.seen.length]);`);
    assert.deepEqual(seen, [null, [64, 2 ** 32 + 7, 8], null]);
  });

  test('a device that somebody deletes does not keep a worker busy, and is told once', () => {
    const seen = evaluate(`
      const gone = [];
      datapath.onEvent((event) => event.kind === 'device-gone' && gone.push(event.tun));
      const tun = await host.createInterface('ipsec0', 1280);
      await datapath.publish({ ...empty(1), interfaces: [device(tun)] });
      execFileSync('ip', ['link', 'delete', 'ipsec0']);
      await sleep(100);
      const before = process.cpuUsage();
      await sleep(1500);
      const { user, system } = process.cpuUsage(before);
      await datapath.publish(empty(2));
      await host.destroyInterface('ipsec0', tun);
      return [(user + system) / 1500000, gone.length, failures];`);
    assert.ok(Array.isArray(seen));
    const [busy, gone, failures] = seen as readonly unknown[];
    assert.ok(typeof busy === 'number' && busy < 0.3, `${String(busy)} of a processor`);
    assert.deepEqual([gone, failures], [1, []]);
  });

  test('a worker that dies fails what waits for it and tells the helper once', () => {
    const seen = evaluate(`
      await datapath.publish(empty(1));
      const poison = { ...empty(2), interfaces: [{ ...device(99), outer: { family: 4 } }] };
      const outcome = await datapath.publish(poison).then(() => 'applied', () => 'failed');
      const next = await datapath.publish(empty(3)).then(() => 'applied', () => 'failed');
      const asked = await datapath.replayWindows([1]).then(() => 'told', () => 'failed');
      await sleep(100);
      return [outcome, next, asked, failures.length];`);
    assert.deepEqual(seen, ['failed', 'failed', 'failed', 1]);
  });
});
