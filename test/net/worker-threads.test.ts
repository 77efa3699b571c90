/**
 * Several worker threads over a real device and socket in a namespace: snapshots, a device with a queue for each, and a
 * worker that dies while the others have something to send.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { missingForTunnels } from '#test/support/native-package.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

suite('several datapath workers', { skip: missingForTunnels() ?? false }, () => {
  let namespace: NetworkNamespace;
  before(() => {
    namespace = new NetworkNamespace('several');
    namespace.ip('address add 192.0.2.1/32 dev lo');
  });
  after(() => namespace.remove());

  /** Run statements over a started `datapath` of three workers a direction; `tunnel` is a snapshot that sends. */
  const evaluate = (statements: string): unknown =>
    namespace.evaluate(`
      import { execFileSync } from 'node:child_process';
      import { createSocket } from 'node:dgram';
      import { AssociationCell, Counters, InterfaceCell } from '#core/datapath/counters.ts';
      import { dropReasons } from '#core/datapath/drop-reason.ts';
      import { LinuxHost } from '#core/host/linux/linux-host.ts';
      import { loadNative, NativeTransform } from '#core/host/linux/native.ts';
      import { WorkerDatapath } from '#core/host/linux/worker-datapath.ts';
      import { anchorClock } from '#core/host/linux/steady-clock.ts';
      import { sealEsp } from '#test/support/packet/esp-sealer.ts';
      const native = loadNative();
      const plan = { outbound: 3, inbound: 3 };
      const host = new LinuxHost(native, false, plan);
      const failures = [];
      const datapath = new WorkerDatapath(native, (error) => failures.push(error.message), anchorClock(), plan);
      const { counters } = datapath;
      const empty = (version) => ({ version, interfaces: [], outbound: [], inbound: [], sockets: [] });
      const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const until = async (isSo) => { for (let turn = 0; turn < 400 && !isSo(); turn++) await sleep(25); return isSo(); };
      const ip = (last) => Uint8Array.of(192, 0, 2, last, ...new Uint8Array(12));
      const tun = await host.createInterface('ipsec0', 1400);
      await host.addAddress('ipsec0', { address: '172.16.1.1', prefixLength: 24, peer: null });
      const socket = await host.openSocket({ kind: 'udp', family: 4, localAddress: '192.0.2.1', localPort: 4500 });
      const transforms = new NativeTransform(native);
      const transform = transforms.create({ encryptionId: 20, integrityId: 0, key: new Uint8Array(16).fill(7),
        salt: Uint8Array.of(1, 2, 3, 4), integrityKey: new Uint8Array(0), padding: 0 });
      const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: 5, inboundReqid: 0 };
      const device = { slot: 1, name: 'ipsec0', tun, isUp: true, mtu: 1400, isEcnFriendly: false, forwardsIpv6: false,
        outerTtl: 64, dontFragment: 'clear', pathMtuDiscovery: false, followsPeer: false, keepalives: false,
        tfcMultiple: 0, dummiesPerSecond: 0, answersRefused: false, ipv4: policy, ipv6: null,
        outer: { family: 4, local: ip(1), peer: ip(1), localPort: 4500, peerPort: 4501 } };
      const association = { id: 5, slot: 1, spi: 0x1000, transform, family: 4, source: ip(1), destination: ip(1),
        udp: { sourcePort: 4500, destinationPort: 4501 }, reqid: 0, ivBytes: 8, icvBytes: 16, blockBytes: 4,
        hasCounterIv: true, ivHighs: [7, 8, 9], hasEsn: false, replayWindow: 64, initialSequence: 0,
        checksPadding: true, hardBytes: 0, hardPackets: 0, socket };
      const tunnel = (version) => ({ ...empty(version), interfaces: [device], outbound: [association] });
      // Flows from many ports, so that each queue has some.
      const clients = Array.from({ length: 40 }, () => createSocket('udp4'));
      const send = () => { for (const client of clients) client.send('x', 9, '172.16.1.2', () => undefined); };
      const sent = () => counters.total(1, InterfaceCell.outputPackets);
      const unsent = () => counters.drops(1, dropReasons.outSend.number);
      const heard = [];
      const sink = createSocket('udp4', (bytes) => heard.push(bytes.readUInt32BE(4)));
      await new Promise((resolve) => sink.bind(4501, '192.0.2.1', resolve));
      const run = async () => { ${statements} };
      const result = await run();
      await datapath.stop();
      for (const open of [...clients, sink]) open.close();
      console.log(JSON.stringify(result));`);

  test('a snapshot is applied by all, and each number is heard once, in order', () => {
    const seen = evaluate(`
      await datapath.publish(tunnel(1));
      // Never more under way than a socket's buffer holds, however late it is read.
      for (let turn = 1; turn <= 50; turn++) { send(); await sleep(2); await until(() => heard.length >= 40 * turn - 120); }
      // A packet may be heard before the worker that sent it has counted it.
      await until(() => heard.length >= 2000 && sent() === heard.length);
      const counted = counters.cells[counters.commonBase(1) + AssociationCell.sequence];
      const own = [1, 2, 3].map((bank) => counters.cells.subarray(bank * (counters.cells.length / 6)));
      const busy = own.filter((cells) => cells[counters.interfaceBase(1) + InterfaceCell.outputPackets] > 0).length;
      const inOrder = heard.every((number, index) => number === index + 1);
      return [sent() === heard.length, counted === heard.length, inOrder, heard.length >= 2000, busy, failures];`);
    assert.deepEqual(seen, [true, true, true, true, 3, []]);
  });

  test('when workers die nothing leaves any more, the others refuse what they read, and the helper is told once', () => {
    const seen = evaluate(`
      await datapath.publish(tunnel(1));
      send();
      await until(() => heard.length >= 40);
      // A device whose token is no number: the first worker leaves it out, the others look for their queue and die.
      const poison = { ...tunnel(2), interfaces: [device, { ...device, slot: 2, tun: 'none' }] };
      const outcome = await datapath.publish(poison).then(() => 'applied', () => 'failed');
      await until(() => failures.length > 0);
      const before = [sent(), heard.length];
      await until(() => { send(); return unsent() > 0; });
      return [outcome, failures.length, sent() === before[0], heard.length === before[1], unsent() > 0];`);
    assert.deepEqual(seen, ['failed', 1, true, true, true]);
  });

  test('each number is accepted once, though copies come from everywhere and to every worker (RFC 4303 §3.4.3)', () => {
    const seen = evaluate(`
      const inbound = { ...association, id: 6, slot: 2, spi: 0x2000, socket: -1, ivHighs: [],
        udp: { sourcePort: 4501, destinationPort: 4500 } };
      const listening = { token: socket, kind: 'udp', family: 4, localAddress: ip(1), localPort: 4500 };
      await datapath.publish({ ...tunnel(1), inbound: [inbound], sockets: [listening] });
      const numbers = Array.from({ length: 50 }, (_, index) => index + 1);
      const inner = new Uint8Array(40).fill(0x45);
      const packets = numbers.map((sequence) => sealEsp(transforms, transform, { spi: 0x2000, sequence, inner }));
      // In one go from all ports: the workers receive copies of one number at the same time.
      for (const packet of packets) {
        await Promise.all(clients.map((client) => new Promise((sent) => client.send(packet, 4500, '192.0.2.1', sent))));
      }
      const cell = (index) => counters.cells[counters.commonBase(2) + index];
      const all = numbers.length * clients.length;
      await until(() => cell(AssociationCell.packets) + cell(AssociationCell.replayDrops) >= all);
      const drops = Object.values(dropReasons).map(({ number }) => [number, counters.drops(1, number) + counters.drops(0, number)]);
      const counted = drops.reduce((sum, [, packets]) => sum + packets, 0);
      const [window] = await datapath.replayWindows([6]);
      // Banks of the three inbound workers, beside the three of the outbound ones.
      const busy = [0, 4, 5].filter((bank) => {
        const view = new Counters(counters.buffer, { interfaces: bank, associations: 0 });
        return counters.cells.subarray(view.interfaceBase(0), view.interfaceBase(2)).some((count) => count > 0);
      });
      return [cell(AssociationCell.packets), cell(AssociationCell.replayDrops), counted === all, window.highest, busy.length, failures];`);
    assert.deepEqual(seen, [50, 50 * 39, true, 50, 3, []]);
  });

  test('destroyed and made anew under load, a device has all its queues again', () => {
    const seen = evaluate(`
      let token = tun;
      for (let version = 1; version < 12; version += 2) {
        await datapath.publish({ ...tunnel(version), interfaces: [{ ...device, tun: token }] });
        for (let turn = 0; turn < 10; turn++) { send(); await sleep(2); }
        await datapath.publish({ ...tunnel(version + 1), interfaces: [] });
        await host.destroyInterface('ipsec0', token);
        token = await host.createInterface('ipsec0', 1400);
        await host.addAddress('ipsec0', { address: '172.16.1.1', prefixLength: 24, peer: null });
      }
      await datapath.publish({ ...tunnel(20), interfaces: [{ ...device, tun: token }] });
      const before = sent();
      send();
      const crosses = await until(() => sent() >= before + 40);
      const queues = [0, 1, 2].map((index) => native.sibling(token, index)).filter((fd) => fd >= 0).length;
      const inOrder = heard.every((number, index) => index === 0 || number > heard[index - 1]);
      return [crosses, queues, inOrder, failures];`);
    assert.deepEqual(seen, [true, 3, true, []]);
  });
});
