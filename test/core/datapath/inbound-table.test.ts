import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InboundState, StateTable } from '#core/datapath/association-state.ts';
import { dropReasonName } from '#core/datapath/drop-reason.ts';
import { Inbound } from '#core/datapath/inbound.ts';
import { compileInbound } from '#core/datapath/inbound-table.ts';
import type { SnapshotInterface } from '#core/datapath/snapshot.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import {
  inner6,
  ip,
  makeAssociation,
  makeInterface,
  makeSnapshot,
  outer4,
  outer6,
  tokens,
} from '#test/support/test-datapath.ts';
import { innerUdp, Receiver } from '#test/support/test-receiver.ts';

const states = (): StateTable<InboundState> => new StateTable((association) => new InboundState(association));

test('an association leads to the interfaces with its pair of addresses, those with ports first', () => {
  const interfaces = [
    makeInterface({ slot: 1 }),
    makeInterface({ slot: 2, outer: { ...outer4, localPort: 4500, peerPort: 40001 } }),
    makeInterface({ slot: 3, outer: outer6 }),
    makeInterface({ slot: 4, outer: { ...outer4, localPort: 4500 } }),
    makeInterface({ slot: 5, outer: null }),
  ];
  const { bySpi } = compileInbound(makeSnapshot({ interfaces, inbound: [makeAssociation({ spi: 300 })] }), states());
  const association = present(bySpi.get(300));
  assert.deepEqual(
    association.interfaces.members.map(({ row }) => row.slot),
    [2, 4, 1],
  );
  assert.equal(association.interfaces.slot, 2);
});

test('of interfaces with equal addresses and ports the newest comes first (if_ipsec.c)', () => {
  const interfaces = [
    makeInterface({ slot: 1 }),
    makeInterface({ slot: 2 }),
    makeInterface({ slot: 3, outer: outer6 }),
  ];
  const { bySpi } = compileInbound(makeSnapshot({ interfaces, inbound: [makeAssociation({ spi: 300 })] }), states());
  assert.deepEqual(
    present(bySpi.get(300)).interfaces.members.map(({ row }) => row.slot),
    [2, 1],
  );
});

test('an association of no tunnel leads nowhere', () => {
  const inbound = [makeAssociation({ source: ip('198.51.100.9') })];
  const association = present(compileInbound(makeSnapshot({ inbound }), states()).bySpi.get(0x1000));
  assert.deepEqual([association.interfaces.members.length, association.interfaces.slot], [0, 0]);
});

test('what a snapshot repeats is kept: associations and states stay, and lead to the interfaces of now', () => {
  const inbound = [makeAssociation({ spi: 300 })];
  const kept = states();
  const first = compileInbound(makeSnapshot({ interfaces: [makeInterface({ slot: 1 })], inbound }), kept);
  const second = compileInbound(makeSnapshot({ interfaces: [makeInterface({ slot: 2 })], inbound }), kept, first);
  assert.equal(present(second.bySpi.get(300)), present(first.bySpi.get(300)));
  assert.equal(present(second.bySpi.get(300)).interfaces.slot, 2);
  const third = compileInbound(makeSnapshot({ interfaces: [], inbound: [makeAssociation({ id: 9 })] }), kept, second);
  assert.deepEqual([third.bySpi.get(300), present(third.bySpi.get(0x1000)).interfaces.slot], [null, 0]);
});

test('sockets are found by token', () => {
  const { sockets } = compileInbound(makeSnapshot({}), states());
  assert.equal(sockets.get(tokens.udp4)?.localPort, 4500);
  assert.equal(sockets.get(99), undefined);
});

describe('which interface a packet enters (if_ipsec.c)', () => {
  const withPorts = (slot: number, localPort: number, peerPort: number): SnapshotInterface =>
    makeInterface({ slot, tun: slot, name: `ipsec${slot}`, outer: { ...outer4, localPort, peerPort } });
  const udpSa = { udp: { sourcePort: 40001, destinationPort: 4500 } };

  /** The devices that packets of an association from and of these ports come out of. */
  const entered = (rows: readonly SnapshotInterface[], ports: readonly number[]): number[] =>
    ports.flatMap((port) => {
      const receiver = new Receiver({ udp: { sourcePort: port, destinationPort: 4500 } }, rows);
      receiver.receive(tokens.udp4, { bytes: receiver.seal(), port });
      return receiver.datapath.tun.written.map(({ tun }) => tun);
    });

  test('interfaces with one outer pair are told apart by their ports', () => {
    assert.deepEqual(entered([withPorts(1, 4500, 40001), withPorts(2, 4500, 40002)], [40002, 40001]), [2, 1]);
  });

  test('an interface with ports goes before one without, which takes the rest', () => {
    assert.deepEqual(entered([withPorts(1, 0, 0), withPorts(2, 4500, 40002)], [40002, 555]), [2, 1]);
  });

  test('a port that no interface has is a mismatch', () => {
    const receiver = new Receiver(udpSa, [withPorts(1, 4500, 40001)]);
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), port: 40009 });
    assert.deepEqual(receiver.datapath.allDrops(), { outerMismatch: 1 });
  });

  test('plain ESP of a UDP-encapsulated association enters by the ports of the association', () => {
    const receiver = new Receiver(udpSa, [withPorts(1, 4500, 40002), withPorts(2, 4500, 40001)]);
    receiver.receive(tokens.esp4, { bytes: receiver.seal() });
    assert.deepEqual(
      receiver.datapath.tun.written.map(({ tun }) => tun),
      [2],
    );
  });

  test('an authentic packet from another address than the peer is a mismatch', () => {
    const receiver = new Receiver();
    receiver.receive(tokens.esp4, { bytes: receiver.seal(), sender: ip('192.0.2.77') });
    assert.deepEqual(receiver.datapath.allDrops(), { outerMismatch: 1 });
  });

  test('an association of another tunnel does not open this one', () => {
    const receiver = new Receiver({ source: ip('192.0.2.77') });
    receiver.receive(tokens.esp4, { bytes: receiver.seal() });
    assert.deepEqual(receiver.datapath.allDrops(), { outerMismatch: 1 });
  });
});

describe('the inbound policy (RFC 4301 §5.2)', () => {
  const protect = { action: 'protect', outboundSpid: 2, outboundAssociation: -1, inboundReqid: 16385 } as const;

  test('the reqid must be the policy’s', () => {
    const receiver = new Receiver({ reqid: 16399 }, [makeInterface({ ipv4: protect })]);
    receiver.receive(tokens.esp4, { bytes: receiver.seal() });
    assert.deepEqual(receiver.datapath.allDrops(), { policy: 1 });
  });

  test('each inner family has its own policy', () => {
    const receiver = new Receiver({ reqid: 16385 }, [
      makeInterface({ ipv4: protect, ipv6: { ...protect, inboundReqid: 16387 } }),
    ]);
    receiver.receive(tokens.esp4, { bytes: receiver.seal() }, { bytes: receiver.seal({ inner: innerUdp(0, inner6) }) });
    assert.deepEqual(receiver.datapath.allDrops(), { policy: 1 });
    assert.equal(receiver.datapath.tun.written.length, 1);
  });

  test('a discard policy drops', () => {
    const receiver = new Receiver({}, [makeInterface({ ipv4: { ...protect, action: 'discard' } })]);
    receiver.receive(tokens.esp4, { bytes: receiver.seal() });
    assert.deepEqual(receiver.datapath.allDrops(), { policy: 1 });
  });

  test('inner IPv6 needs link2', () => {
    const receiver = new Receiver({}, [makeInterface({ forwardsIpv6: false })]);
    receiver.receive(tokens.esp4, { bytes: receiver.seal({ inner: innerUdp(0, inner6) }) });
    assert.deepEqual(receiver.datapath.allDrops(), { ipv6Disabled: 1 });
  });

  test('an interface that is down takes nothing', () => {
    const receiver = new Receiver({}, [makeInterface({ isUp: false })]);
    receiver.receive(tokens.esp4, { bytes: receiver.seal() });
    assert.deepEqual(receiver.datapath.allDrops(), { interfaceDown: 1 });
  });
});

describe('a snapshot of a capture: associations without interfaces', () => {
  const catchAll = makeInterface({ slot: 0, name: 'capture', outer: { ...outer4, peer: ip('203.0.113.1') } });
  const stranger = { sender: ip('203.0.113.200') };

  test('a catch-all takes in what fits no interface, wherever it came from', () => {
    const receiver = new Receiver({}, []);
    const inbound = [receiver.association];
    receiver.receive(tokens.esp4, { bytes: receiver.seal(), ...stranger });
    assert.deepEqual(receiver.datapath.allDrops(), { outerMismatch: 1 });
    receiver.datapath.apply(makeSnapshot({ version: 2, interfaces: [], inbound, catchAll }));
    receiver.receive(
      tokens.esp4,
      { bytes: receiver.seal(), ...stranger },
      { bytes: receiver.seal({ inner: innerUdp(0, inner6) }) },
    );
    assert.equal(receiver.datapath.tun.written.length, 2);
  });

  test('an interface that fits comes first', () => {
    const receiver = new Receiver();
    const inbound = [receiver.association];
    receiver.datapath.apply(makeSnapshot({ version: 2, inbound, catchAll: { ...catchAll, tun: 77 } }));
    receiver.receive(tokens.esp4, { bytes: receiver.seal() }, { bytes: receiver.seal(), ...stranger });
    assert.deepEqual(
      receiver.datapath.tun.written.map(({ tun }) => tun),
      [tokens.tun, 77],
    );
  });

  test('an observer hears the whole sequence number and the reason of a drop', () => {
    const receiver = new Receiver({ hasEsn: true });
    const { tun, wire, counters, transforms } = receiver.datapath;
    const heard: unknown[] = [];
    const inbound = new Inbound(
      { tun, wire, counters, transforms, emit: () => {} },
      {
        found: ({ spi }, sequence) => void heard.push([spi, sequence]),
        dropped: (reason) => void heard.push(dropReasonName(reason)),
      },
    );
    const association = { ...receiver.association, initialSequence: 0x1_0000_0000 };
    inbound.apply(makeSnapshot({ interfaces: [], inbound: [association], catchAll }));
    const packet = { sequence: 0x1_0000_0007, hasEsn: true };
    for (const bytes of [receiver.seal(packet), receiver.seal(packet), receiver.seal({ spi: 0x9999 })]) {
      wire.toReceive.push({ bytes, tos: 0, sender: outer4.peer });
      inbound.pump(tokens.esp4, 2000);
    }
    const found = [0x1000, 0x1_0000_0007];
    assert.deepEqual(heard, [found, found, 'replayDup', 'noSa']);
    assert.equal(tun.written.length, 1);
  });
});
