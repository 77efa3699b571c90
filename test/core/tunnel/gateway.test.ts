import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { AssociationCell } from '#core/datapath/counters.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { Gateway } from '#core/tunnel/gateway.ts';
import type { GatewayEvent } from '#core/tunnel/event/gateway-event.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';
import { processorMs } from '#test/support/processor-time.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

function pair(local: string, peer: string, localPort = 0, peerPort = 0): OuterPair {
  return { local: parseIpAddress(local), peer: parseIpAddress(peer), localPort, peerPort };
}

const ab = pair('10.0.0.1', '10.0.0.2');
const inner = { address: parseIpAddress('172.16.1.1'), prefixLength: 32, peer: parseIpAddress('172.16.2.1') };
const cbc = '-E aes-cbc "0123456789abcdef" -A hmac-sha256 "0123456789abcdef0123456789abcdef"';
const gcm = '-E aes-gcm-16 "0123456789abcdefsalt"';
const keys = (spi = 10000, suite = cbc): string =>
  `add 10.0.0.2 10.0.0.1 esp ${spi} -u 16385 ${suite}; add 10.0.0.1 10.0.0.2 esp ${spi + 1} -u 16386 ${suite};`;

/** ipsec0 with a tunnel, an inner address and keys for IPv4. */
async function running(suite = cbc): Promise<FakeMachine> {
  const machine = new FakeMachine();
  await machine.gateway.createInterface('ipsec0');
  await machine.gateway.setTunnel('ipsec0', ab);
  await machine.gateway.addAddress('ipsec0', inner);
  await machine.setkey(keys(10000, suite));
  return machine;
}

/** Everything but what may rightly differ after an undone command: what waits to be cleared away. */
function view({ gateway, host }: FakeMachine): unknown {
  return { status: gateway.status(), machine: host.view() };
}

test('brings up a tunnel: device, sockets, transforms, and a snapshot that names them', async () => {
  const { datapath, host } = await running();
  assert.deepEqual(host.view(), {
    devices: [{ name: 'ipsec0', mtu: 1280, isLeft: false, addresses: ['172.16.1.1/32'] }],
    sockets: ['esp 10.0.0.1 0', 'icmp 10.0.0.1 0'],
  });
  const { interfaces, outbound, inbound, sockets } = datapath.current;
  const [row] = interfaces;
  const [sending] = outbound;
  assert.equal(row?.isUp, true);
  assert.deepEqual(row?.ipv4, {
    action: 'protect',
    outboundSpid: 2,
    outboundAssociation: sending?.id,
    inboundReqid: 16385,
  });
  assert.deepEqual(row?.ipv6, { action: 'protect', outboundSpid: 4, outboundAssociation: -1, inboundReqid: 16387 });
  assert.equal(sending?.spi, 10001);
  assert.equal(sending?.socket, sockets[0]?.token);
  assert.deepEqual(
    inbound.map(({ spi, socket }) => [spi, socket]),
    [
      [10000, -1],
      [10001, -1],
    ],
  );
});

test('closes sockets, frees transforms and slots, and wipes keys after the workers let go', async () => {
  const { gateway, host, transforms, datapath } = await running();
  await gateway.deleteTunnel('ipsec0');
  assert.equal(host.sockets.size, 0);
  await gateway.flushAssociations();
  assert.equal(transforms.live.size, 0);
  assert.deepEqual(datapath.current.inbound, []);
  assert.deepEqual(datapath.current.outbound, []);
});

test('destroys a device only after the workers let go of it, and takes its name again at once', async () => {
  const machine = await running();
  await machine.gateway.destroyInterface('ipsec0');
  assert.deepEqual(machine.host.view(), { devices: [], sockets: [] });
  assert.deepEqual(machine.gateway.status().policies, []);
  await machine.gateway.createInterface('ipsec0');
  assert.equal(machine.gateway.status().interfaces[0]?.isRunning, false);
});

test('every refusal of the machine leaves everything as before, and the command works afterwards', async () => {
  const natPair = pair('10.0.0.1', '10.0.0.2', 4500, 4501);
  const udpKey = `add 10.0.0.1 10.0.0.2 esp-udp 500 ${cbc};`;
  const commands: [string, number, (gateway: Gateway) => Promise<unknown>][] = [
    ['create', 1, (gateway) => gateway.createInterface('ipsec1')],
    ['destroy', 1, (gateway) => gateway.destroyInterface('ipsec0')],
    ['first tunnel', 2, (gateway) => gateway.setTunnel('ipsec9', pair('10.0.0.7', '10.0.0.8'))],
    ['other tunnel', 2, (gateway) => gateway.setTunnel('ipsec0', pair('fc00::1', 'fc00::2'))],
    ['link0', 2, (gateway) => gateway.setFlags('ipsec0', { link0: true, isUp: true })],
    ['link0 and down', 1, (gateway) => gateway.setFlags('ipsec0', { link0: true, isUp: false })],
    ['ports', 1, (gateway) => gateway.setTunnel('ipsec8', natPair)],
    [
      'up by address',
      2,
      (gateway) => gateway.addAddress('ipsec9', { ...inner, address: parseIpAddress('172.16.9.1') }),
    ],
    ['remove address', 1, (gateway) => gateway.removeAddress('ipsec0', inner.address)],
    ['MTU', 1, (gateway) => gateway.setMtu('ipsec0', 1400)],
    ['keys in UDP', 1, (gateway) => gateway.runSetkey(udpKey, 'statements', 7)],
  ];
  for (const [name, hostCalls, command] of commands) {
    for (let call = 0; call <= hostCalls; call++) {
      const machine = await running();
      await machine.gateway.createInterface('ipsec9');
      await machine.gateway.createInterface('ipsec8');
      await machine.gateway.setFlags('ipsec8', { link0: true });
      const before = view(machine);
      const { length } = machine.host.calls;
      machine.host.failAfter = call;
      if (call === hostCalls) {
        machine.host.failAfter = null;
        await command(machine.gateway);
        const made = machine.host.calls.slice(length).filter((each) => !each.startsWith('closeSocket'));
        assert.equal(made.length, hostCalls, `${name}: ${made.join(', ')}`);
        continue;
      }
      assert.equal(await rejectedCode(command(machine.gateway)), 'HOST_FAILED', `${name}, call ${call}`);
      assert.deepEqual(view(machine), before, `${name}, call ${call}`);
      await command(machine.gateway);
      await machine.gateway.stop();
      assert.deepEqual(machine.host.view(), { devices: [], sockets: [] }, name);
    }
  }
});

test('a publication that fails leaves every command undone, and the command works afterwards', async () => {
  const udpKey = `add 10.0.0.1 10.0.0.2 esp-udp 500 ${cbc};`;
  const commands: [string, (gateway: Gateway) => Promise<unknown>][] = [
    ['create', (gateway) => gateway.createInterface('ipsec1')],
    ['destroy', (gateway) => gateway.destroyInterface('ipsec0')],
    ['first tunnel', (gateway) => gateway.setTunnel('ipsec9', pair('10.0.0.7', '10.0.0.8'))],
    ['other tunnel', (gateway) => gateway.setTunnel('ipsec0', pair('fc00::1', 'fc00::2'))],
    ['delete tunnel', (gateway) => gateway.deleteTunnel('ipsec0')],
    ['flags', (gateway) => gateway.setFlags('ipsec0', { link0: true, isUp: false })],
    ['options', (gateway) => gateway.setOptions('ipsec0', { hopLimit: 3 })],
    ['settings', (gateway) => gateway.setSettings({ hopLimit: 3 })],
    ['address', (gateway) => gateway.addAddress('ipsec9', { ...inner, address: parseIpAddress('172.16.9.1') })],
    ['remove address', (gateway) => gateway.removeAddress('ipsec0', inner.address)],
    ['MTU', (gateway) => gateway.setMtu('ipsec0', 1400)],
    ['keys', (gateway) => gateway.runSetkey(udpKey, 'statements', 7)],
    ['counter-mode keys', (gateway) => gateway.runSetkey(keys(20000, gcm), 'file', 7)],
    ['flush', (gateway) => gateway.flushAssociations()],
  ];
  for (const [name, command] of commands) {
    for (const failures of [1, 2]) {
      const machine = await running();
      await machine.gateway.createInterface('ipsec9');
      const before = view(machine);
      const { size } = machine.transforms.live;
      let left = failures;
      machine.datapath.check = () => {
        if (left-- > 0) throw new IpsecError('HOST_FAILED', 'no worker');
      };
      assert.equal(await rejectedCode(command(machine.gateway)), 'HOST_FAILED', name);
      assert.deepEqual(view(machine), before, name);
      assert.equal(machine.transforms.live.size, size, name);
      machine.datapath.check = () => {};
      await command(machine.gateway);
      await machine.gateway.stop();
      assert.deepEqual(machine.host.view(), { devices: [], sockets: [] }, name);
      assert.equal(machine.transforms.live.size, 0, name);
    }
  }
});

test('when a burst cannot be published, every command of it is undone', async () => {
  const machine = await running();
  const { gateway, datapath } = machine;
  const before = view(machine);
  let left = 1;
  datapath.check = () => {
    if (left-- > 0) throw new IpsecError('HOST_FAILED', 'no worker');
  };
  const outcomes = await Promise.allSettled([
    gateway.createInterface('ipsec1'),
    gateway.setTunnel('ipsec1', pair('10.0.0.1', '10.0.0.3')),
    gateway.setMtu('ipsec0', 1500),
    gateway.flushAssociations(),
    gateway.setMtu('ipsec0', 9),
  ]);
  assert.deepEqual(
    outcomes.map(
      (outcome) => outcome.status === 'rejected' && outcome.reason instanceof IpsecError && outcome.reason.code,
    ),
    ['HOST_FAILED', 'HOST_FAILED', 'HOST_FAILED', 'HOST_FAILED', 'INTERFACE_MTU'],
  );
  assert.deepEqual(view(machine), before);
  await gateway.createInterface('ipsec1');
});

test('lifetimes are told to listeners when they are certain, and acquires as often as is useful', async () => {
  const machine = await running();
  const { gateway, datapath } = machine;
  const heard: GatewayEvent[] = [];
  await machine.setkey(`add 10.0.0.1 10.0.0.2 esp 700 -u 16386 -ls 10 -lh 20 ${cbc};`);
  const end = gateway.subscribe((event) => void heard.push(event));
  machine.now += 21_000;
  let left = 1;
  datapath.check = () => {
    if (left-- > 0) throw new Error('no worker');
  };
  await gateway.tick(machine.now);
  assert.equal(heard.length, 0);
  await gateway.tick(machine.now);
  for (let count = 0; count < 5; count++) datapath.emit({ kind: 'acquire', interfaceSlot: 1, spid: 4 });
  assert.deepEqual(
    heard.map((event) => {
      if (event.kind === 'expire') return [event.hardness, event.spi];
      return event.kind === 'acquire' ? [event.interface, event.family] : [event.kind];
    }),
    [
      ['hard', 700],
      ['ipsec0', 6],
    ],
  );
  end();
});

test('what setkey text and commands change is told when it is certain, and nothing that was taken back', async () => {
  const { gateway } = await running();
  const heard: string[] = [];
  const end = gateway.subscribe((event) => {
    heard.push('change' in event ? `${event.kind} ${event.change} ${event.pid}` : `${event.kind}`);
  });
  const add = `add 10.0.0.1 10.0.0.2 esp 900 ${cbc};`;
  await gateway.runSetkey(`${add} ${add}`, 'file', 7);
  await gateway.runSetkey(add, 'check', 7);
  assert.deepEqual(heard, []);
  await gateway.runSetkey(`${add} ${add}`, 'statements', 7);
  await gateway.runSetkey('spdadd 10.0.0.0/8 192.0.2.0/24 tcp -P out discard;', 'file', 8);
  await gateway.flushAssociations(9);
  await gateway.flushPolicies(9);
  assert.deepEqual(heard, ['association add 7', 'policy add 8', 'flush', 'flush']);
  end();
});

test('an audited drop is told to listeners with its interface, and switching that off reaches the datapath (RFC 4303 §4)', async () => {
  const { gateway, datapath } = await running();
  const heard: GatewayEvent[] = [];
  const end = gateway.subscribe((event) => void heard.push(event));
  const address = new Uint8Array(16);
  const seen = { family: 4, packets: 3, spi: 700, sequence: 5, source: address, destination: address } as const;
  const reason = dropReasons.authFail.number;
  datapath.emit({ kind: 'audit', drop: { ...seen, reason, interfaceSlot: 1, flowLabel: null } });
  const told = heard.flatMap((event) => (event.kind === 'audit' ? [[event.interface, event.reason, event.spi]] : []));
  assert.deepEqual(told, [['ipsec0', 'authFail', 700]]);
  end();
  assert.equal(datapath.current.auditsDrops, true);
  await gateway.setSettings({ auditsDrops: false });
  assert.equal(datapath.current.auditsDrops, false);
});

test('a transform that cannot be made takes the whole setkey text back', async () => {
  const machine = await running();
  const before = view(machine);
  const { size } = machine.transforms.live;
  machine.transforms.failAfter = 1;
  assert.equal(await rejectedCode(machine.gateway.runSetkey(keys(20000), 'statements', 7)), 'KEY_LENGTH');
  assert.deepEqual(view(machine), before);
  assert.equal(machine.transforms.live.size, size);
});

test('setkey text: a file is all or nothing, statements go on, a check changes nothing', async () => {
  const bad = `${keys(30000)} add 10.0.0.1 10.0.0.2 esp 10001 ${cbc};`;
  const cases = [
    ['file', 0, 2],
    ['statements', 2, 4],
    ['check', 2, 2],
  ] as const;
  for (const [semantics, applied, associations] of cases) {
    const { gateway } = await running();
    const run = await gateway.runSetkey(bad, semantics, 7);
    assert.equal(run.applied, applied, semantics);
    assert.deepEqual(
      run.errors.map(({ errno, isSyntax }) => [errno, isSyntax]),
      [['EEXIST', false]],
    );
    assert.equal(gateway.status().associations.length, associations, semantics);
  }
});

test('sends on the newest association, and keeps the numbers of one that it may go back to', async () => {
  const machine = await running();
  const { gateway, datapath } = machine;
  const sendingOn = (): (number | undefined)[] => {
    const id = datapath.current.interfaces[0]?.ipv4?.outboundAssociation;
    return [datapath.current.outbound.find((association) => association.id === id)?.spi];
  };
  assert.deepEqual(sendingOn(), [10001]);
  await machine.setkey(keys(20000));
  assert.deepEqual(sendingOn(), [20001]);
  assert.deepEqual(
    datapath.current.outbound.map(({ spi }) => spi),
    [10001, 20001],
  );
  await machine.setkey('delete 10.0.0.1 10.0.0.2 esp 20001;');
  assert.deepEqual(sendingOn(), [10001]);
  assert.deepEqual(
    datapath.current.outbound.map(({ spi }) => spi),
    [10001],
  );
  await gateway.flushAssociations();
  assert.deepEqual(datapath.current.outbound, []);
});

test('a flag change draws new reqids, and keys of the old ones no longer fit', async () => {
  const { gateway, datapath } = await running();
  await gateway.setFlags('ipsec0', { link2: false });
  const [row] = datapath.current.interfaces;
  assert.equal(row?.ipv4?.outboundAssociation, -1);
  assert.equal(row?.ipv4?.inboundReqid, 16389);
  assert.equal(row?.ipv6?.action, 'discard');
  assert.equal(gateway.status().interfaces[0]?.state, 'waiting-for-keys');
});

test('NAT-T opens UDP 4500 or the local port, and an esp-udp association opens its own', async () => {
  const machine = await running();
  const { gateway, host } = machine;
  const open = (): string[] => [...host.sockets.values()].sort();
  await machine.setkey(`add 10.0.0.1 10.0.0.2 esp-udp 500 ${cbc};`);
  assert.deepEqual(open(), ['esp 10.0.0.1 0', 'icmp 10.0.0.1 0', 'udp 10.0.0.1 4500']);
  await machine.setkey('delete 10.0.0.1 10.0.0.2 esp-udp 500;');
  assert.deepEqual(open(), ['esp 10.0.0.1 0', 'icmp 10.0.0.1 0']);
  await gateway.setFlags('ipsec0', { link0: true });
  assert.deepEqual(open(), ['esp 10.0.0.1 0', 'icmp 10.0.0.1 0', 'udp 10.0.0.1 4500']);
  await gateway.setTunnel('ipsec0', { ...ab, localPort: 4600, peerPort: 4500 });
  assert.deepEqual(open(), ['esp 10.0.0.1 0', 'icmp 10.0.0.1 0', 'udp 10.0.0.1 4600']);
});

test('reserves IVs in one call before a counter-mode association is published, and more when asked', async () => {
  const machine = await running(gcm);
  const { datapath, ivStore } = machine;
  assert.deepEqual(ivStore.requests, [1]);
  const [sending] = datapath.current.outbound;
  assert.deepEqual(sending?.ivHighs, [0]);
  datapath.emit({ kind: 'iv-needed', association: sending?.id ?? -1 });
  await machine.gateway.dumpSetkey('policies', false);
  assert.deepEqual(datapath.current.outbound[0]?.ivHighs, [0, 1]);
});

test('refuses keys whose IVs cannot be reserved, with everything as before', async () => {
  const machine = await running();
  const before = view(machine);
  machine.ivStore.isFailing = true;
  assert.equal(await rejectedCode(machine.gateway.runSetkey(keys(20000, gcm), 'file', 7)), 'STATE_UNWRITABLE');
  assert.deepEqual(view(machine), before);
});

test('refuses a deletion that would leave only an association without IVs to send on', async () => {
  const machine = await running();
  await machine.setkey(`add 10.0.0.1 10.0.0.2 esp 600 -u 16386 ${gcm}; add 10.0.0.1 10.0.0.2 esp 601 -u 16386 ${cbc};`);
  assert.deepEqual(machine.ivStore.requests, []);
  machine.ivStore.isFailing = true;
  const deletion = machine.gateway.runSetkey('delete 10.0.0.1 10.0.0.2 esp 601;', 'file', 7);
  assert.equal(await rejectedCode(deletion), 'STATE_UNWRITABLE');
  assert.equal(machine.datapath.current.outbound.at(-1)?.spi, 601);
  await machine.gateway.flushAssociations();
  assert.deepEqual(machine.gateway.status().associations, []);
});

test('when lifetimes leave only an association without IVs, it waits for them, and the next tick tries again', async () => {
  const machine = await running();
  const { datapath, ivStore, gateway } = machine;
  const both = `add 10.0.0.1 10.0.0.2 esp 600 -u 16386 ${gcm}; add 10.0.0.1 10.0.0.2 esp 601 -u 16386 -ls 1 -lh 5 ${cbc};`;
  await machine.setkey(`delete 10.0.0.1 10.0.0.2 esp 10001; ${both}`);
  const highs = (): readonly number[] | undefined => datapath.current.outbound.find(({ spi }) => spi === 600)?.ivHighs;
  ivStore.isFailing = true;
  machine.now += 10_000;
  await gateway.tick(machine.now);
  assert.deepEqual(highs(), []);
  await gateway.tick(machine.now);
  assert.equal(machine.lines.filter(({ message }) => message.startsWith('IVs could not')).length, 1);
  ivStore.isFailing = false;
  await gateway.tick(machine.now);
  assert.deepEqual(highs(), [0]);
});

test('a tick applies lifetimes: the workers forget an association that has ended', async () => {
  const machine = await running();
  const { gateway, datapath, transforms } = machine;
  await machine.setkey(`add 10.0.0.1 10.0.0.2 esp 700 -u 16386 -ls 10 -lh 20 ${cbc};`);
  const published = datapath.published.length;
  await gateway.tick((machine.now += 10_000));
  assert.equal(datapath.published.length, published);
  await gateway.tick((machine.now += 11_000));
  assert.equal(
    datapath.current.inbound.some(({ spi }) => spi === 700),
    false,
  );
  assert.equal(transforms.live.size, 2);
  assert.ok(machine.lines.some(({ level, fields }) => level === 'warn' && fields['spi'] === 700));
});

test('a slot starts at zero for its next owner', async () => {
  const machine = await running();
  const { gateway, datapath } = machine;
  const { slot } = datapath.current.inbound[0] ?? { slot: -1 };
  datapath.counters.cells[datapath.counters.associationBase(slot) + AssociationCell.packets] = 99;
  await gateway.flushAssociations();
  await machine.setkey(keys());
  assert.deepEqual(
    gateway.status().associations.map(({ usage }) => usage.packets),
    [0, 0],
  );
  assert.ok(datapath.current.inbound.some((association) => association.slot === slot));
});

test('commands run one at a time, and a burst of them shares publications', async () => {
  const machine = new FakeMachine();
  const { gateway, datapath, host } = machine;
  datapath.isHeld = true;
  const commands = Array.from({ length: 200 }, (_, unit) => gateway.createInterface(`ipsec${unit}`));
  while (host.devices.size < 200) await new Promise((resolve) => setImmediate(resolve));
  datapath.release();
  await Promise.all(commands);
  assert.deepEqual(
    datapath.published.map(({ interfaces }) => interfaces.length),
    [200],
  );
});

test('events of the datapath reach the log', async () => {
  const { datapath, lines } = await running();
  datapath.emit({ kind: 'acquire', interfaceSlot: 1, spid: 4 });
  datapath.emit({ kind: 'exhausted', association: 1, reason: 'outSeqOverflow' });
  datapath.emit({ kind: 'log', message: 'ipsec0: recursively called too many times(2)' });
  assert.deepEqual(
    lines.slice(-3).map(({ level }) => level),
    ['warn', 'error', 'info'],
  );
  assert.equal(lines.at(-1)?.message, 'ipsec0: recursively called too many times(2)');
});

test("up and down are the datapath's business: the machine keeps the device in use, and `up` makes sure of it", async () => {
  const { gateway, host, datapath } = await running();
  const { length } = host.calls;
  await gateway.setFlags('ipsec0', { isUp: false });
  assert.equal(datapath.current.interfaces[0]?.isUp, false);
  await gateway.setFlags('ipsec0', { isUp: true });
  assert.equal(datapath.current.interfaces[0]?.isUp, true);
  assert.deepEqual(host.calls.slice(length), ['restoreDevice ipsec0']);
});

test('what another program changes of a device is told once in the log and in the status, until `up` has made it whole', async () => {
  const { gateway, host, lines } = await running();
  const told = (): unknown => gateway.status().interfaces[0]?.altered;
  const look = (): Promise<void> => gateway.view.alterations.look(0);
  await look();
  assert.equal(told(), null);
  host.altered.set('ipsec0', { isUp: false, mtu: 1500, addresses: [] });
  await look();
  await look();
  assert.deepEqual(told(), { isDown: true, missing: ['172.16.1.1'], mtu: 1500 });
  assert.equal(lines.filter((line) => JSON.stringify(line).includes('another program has changed')).length, 1);
  await gateway.addAddress('ipsec0', inner);
  assert.equal(host.calls.at(-1), 'restoreDevice ipsec0', 'the same address again is no error, and brings it back');
  assert.equal(told(), null);
  host.altered.set('ipsec0', { isUp: true, mtu: 1280, addresses: [inner] });
  await look();
  assert.equal(told(), null, 'what was in doubt and is well is nothing');
});

test('stopping has devices go with the process before anything else, or leaves them where that is asked for', async () => {
  const ordered = await running();
  const { length } = ordered.host.calls;
  await ordered.gateway.stop();
  assert.equal(ordered.host.calls[length], 'bindToProcess ipsec0');
  const failed = await running();
  await failed.gateway.stop(true);
  assert.deepEqual(failed.host.view(), {
    devices: [{ name: 'ipsec0', mtu: 1280, isLeft: true, addresses: ['172.16.1.1/32'] }],
    sockets: [],
  });
  assert.ok(!failed.host.calls.some((call) => call.startsWith('bindToProcess')));
});

test('stopping gives everything back, whatever fails, and refuses what comes later', async () => {
  const machine = await running();
  const { gateway, host, transforms, datapath } = machine;
  await gateway.createInterface('ipsec1');
  host.failAfter = 0;
  await gateway.stop();
  assert.equal(datapath.isStopped, true);
  assert.deepEqual(host.view(), {
    devices: [{ name: 'ipsec0', mtu: 1280, isLeft: false, addresses: ['172.16.1.1/32'] }],
    sockets: [],
  });
  assert.equal(transforms.live.size, 0);
  assert.equal(await rejectedCode(gateway.createInterface('ipsec2')), 'HELPER_UNREACHABLE');
  await gateway.tick(machine.now);
  await gateway.stop();
});

test('neither log nor status nor a dump without keys shows a key', async () => {
  const machine = await running();
  const text = JSON.stringify([
    machine.lines,
    machine.gateway.status(),
    await machine.gateway.dumpSetkey('associations', false),
  ]);
  assert.ok(!text.includes('0123456789abcdef') && !text.includes('30313233'));
  assert.ok((await machine.gateway.dumpSetkey('associations', true)).includes('30313233'));
});

test('ten thousand associations in one text, and a thousand interfaces, take seconds of the processor', async () => {
  const machine = new FakeMachine();
  const { gateway, datapath } = machine;
  const started = processorMs();
  for (let unit = 0; unit < 1000; unit++) {
    await gateway.createInterface(`ipsec${unit}`);
    await gateway.setTunnel(`ipsec${unit}`, pair('10.0.0.1', `10.1.${unit >> 8}.${unit & 255}`));
  }
  const interfacesMs = processorMs() - started;
  let text = '';
  for (let index = 0; index < 10_000; index++) {
    const unit = index % 1000;
    text += `add 10.0.0.1 10.1.${unit >> 8}.${unit & 255} esp ${1000 + index} -u ${16386 + 4 * unit} ${cbc};\n`;
  }
  const before = processorMs();
  await machine.setkey(text);
  const setkeyMs = processorMs() - before;
  assert.equal(datapath.current.inbound.length, 10_000);
  assert.ok(datapath.current.interfaces.every(({ ipv4 }) => (ipv4?.outboundAssociation ?? -1) > 0));
  assert.ok(setkeyMs < 4000, `${setkeyMs} ms for the associations`);
  assert.ok(interfacesMs < 5000, `${interfacesMs} ms for the interfaces`);
  const tick = processorMs();
  await gateway.tick(machine.now);
  assert.ok(processorMs() - tick < 500);
});

test('a thousand tunnels behind one NAT, told apart by ports, stay quick together', async () => {
  const machine = new FakeMachine();
  const { gateway, datapath } = machine;
  const count = 1000;
  const started = processorMs();
  for (let unit = 0; unit < count; unit++) {
    await gateway.createInterface(`ipsec${unit}`);
    await gateway.setFlags(`ipsec${unit}`, { link0: true });
    await gateway.setTunnel(`ipsec${unit}`, { ...ab, localPort: 4500, peerPort: 10_000 + unit });
  }
  const interfacesMs = processorMs() - started;
  const text = Array.from({ length: count }, (_, unit) => {
    const port = 10_000 + unit;
    return `add 10.0.0.1[4500] 10.0.0.2[${port}] esp-udp ${1000 + unit} ${cbc};
      add 10.0.0.2[${port}] 10.0.0.1[4500] esp-udp ${5000 + unit} ${cbc};`;
  }).join('\n');
  const before = processorMs();
  await machine.setkey(text);
  const setkeyMs = processorMs() - before;
  const byId = new Map(datapath.current.outbound.map((row) => [row.id, row]));
  assert.deepEqual(
    datapath.current.interfaces.map(({ ipv4 }) => byId.get(ipv4?.outboundAssociation ?? -1)?.udp?.destinationPort),
    Array.from({ length: count }, (_, unit) => 10_000 + unit),
  );
  assert.equal(gateway.status().policies.length, 4);
  const asked = processorMs();
  assert.ok(gateway.status().associations.every(({ interfaces }) => interfaces.length === 1));
  const statusMs = processorMs() - asked;
  assert.ok(interfacesMs < 20_000 && setkeyMs < 5000 && statusMs < 2000, `${interfacesMs} ${setkeyMs} ${statusMs} ms`);
  for (let unit = 0; unit < count; unit++) await gateway.deleteTunnel(`ipsec${unit}`);
  assert.deepEqual(gateway.status().policies, []);
});
