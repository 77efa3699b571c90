import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU16 } from '#core/base/bytes.ts';
import { AssociationCell } from '#core/datapath/counters.ts';
import type { SnapshotAssociation, SnapshotInterface } from '#core/datapath/snapshot.ts';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { sealEsp, type EspPacket } from '#test/support/esp-sealer.ts';
import type { WireMessage } from '#test/support/fake-ports.ts';
import {
  gcmSpec,
  ip,
  makeAssociation,
  makeInterface,
  makeSnapshot,
  nullShape,
  nullSpec,
  outer4,
  outer6,
  TestDatapath,
  tokens,
} from '#test/support/test-datapath.ts';

const inner4 = { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') };
const inner6 = { source: parseIpAddress('fd00:1::1'), destination: parseIpAddress('fd00:2::1') };

function udp(tos = 0, pair = inner4): Uint8Array {
  return buildUdpPacket({ ...pair, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(16), tos });
}

/** One inbound association and what is needed to make packets for it. */
class Receiver {
  readonly datapath = new TestDatapath();
  readonly association: SnapshotAssociation;
  #sequence = 0;

  constructor(
    association: Partial<SnapshotAssociation> = {},
    interfaces: readonly SnapshotInterface[] = [makeInterface()],
    more: readonly SnapshotAssociation[] = [],
  ) {
    const transform = this.datapath.transforms.create(nullSpec);
    this.association = makeAssociation({ ...nullShape, transform, ...association });
    const inbound = [this.association, ...more.map((other) => ({ ...other, transform }))];
    this.datapath.apply(makeSnapshot({ interfaces, inbound }));
  }

  seal(packet: Partial<EspPacket> = {}): Uint8Array {
    const { spi, transform } = this.association;
    const inner = packet.inner ?? udp();
    const nextHeader = inner.length > 0 && inner[0]! >>> 4 === 6 ? 41 : 4;
    return sealEsp(this.datapath.transforms, transform, {
      spi,
      sequence: ++this.#sequence,
      nextHeader,
      inner,
      ...packet,
    });
  }

  /** Receive messages on a socket; ESP from the peer unless the message says otherwise. */
  receive(token: number, ...messages: (Partial<WireMessage> & { bytes: Uint8Array })[]): void {
    for (const message of messages) {
      this.datapath.wire.toReceive.push({ tos: 0, sender: outer4.peer, ...message });
    }
    this.datapath.inbound.pump(token, 2000);
  }
}

describe('receiving', () => {
  test('a packet is delivered to the device of its interface and counted', () => {
    const receiver = new Receiver();
    const inner = udp();
    receiver.receive(tokens.esp4, { bytes: receiver.seal({ inner }) });
    const { datapath, association } = receiver;
    assert.deepEqual(datapath.tun.written, [{ tun: tokens.tun, bytes: inner }]);
    assert.equal(datapath.interfaceCell(1, 'inputPackets'), 1);
    assert.equal(datapath.interfaceCell(1, 'inputBytes'), inner.length);
    assert.equal(datapath.interfaceCell(1, 'lastInputMs'), 2000);
    assert.equal(datapath.associationCell(association.slot, AssociationCell.packets), 1);
    // As NetBSD counts: the outer header and what was inside.
    assert.equal(datapath.associationCell(association.slot, AssociationCell.bytes), 20 + inner.length);
  });

  test('a merged message is taken apart, its last packet may be shorter', () => {
    const receiver = new Receiver({ udp: { sourcePort: 4500, destinationPort: 4500 } });
    const long = udp();
    const short = buildIpPacket({ ...inner4, protocol: 253 }, new Uint8Array(8));
    const packets = [receiver.seal({ inner: long }), receiver.seal({ inner: long }), receiver.seal({ inner: short })];
    const bytes = Uint8Array.from(packets.flatMap((packet) => [...packet]));
    receiver.receive(tokens.udp4, { bytes, segmentBytes: present(packets[0]).length, port: 4500 });
    assert.deepEqual(
      receiver.datapath.tun.written.map((written) => written.bytes),
      [long, long, short],
    );
  });

  test('a merged message that was cut off counts each of its packets', () => {
    const receiver = new Receiver();
    receiver.receive(tokens.udp4, { bytes: new Uint8Array(250), segmentBytes: 100, isTruncated: true });
    assert.deepEqual(receiver.datapath.allDrops(), { truncated: 3 });
  });

  test('a socket that no snapshot names is drained', () => {
    const receiver = new Receiver();
    receiver.receive(99, { bytes: receiver.seal() });
    assert.deepEqual(receiver.datapath.allDrops(), { noSa: 1 });
  });

  test('a device that refuses is counted, and is no input', () => {
    const receiver = new Receiver();
    receiver.datapath.tun.writeResult = -5;
    receiver.receive(tokens.esp4, { bytes: receiver.seal() });
    assert.deepEqual(receiver.datapath.allDrops(), { tunWrite: 1 });
    assert.equal(receiver.datapath.interfaceCell(1, 'inputPackets'), 0);
  });

  test('two associations with one SPI are told apart by destination', () => {
    const other = makeAssociation({
      ...nullShape,
      id: 2,
      slot: 2,
      family: 6,
      source: outer6.peer,
      destination: outer6.local,
    });
    const interfaces = [makeInterface(), makeInterface({ slot: 2, tun: 2, outer: outer6 })];
    const receiver = new Receiver({}, interfaces, [other]);
    receiver.receive(tokens.esp6, { bytes: receiver.seal(), sender: outer6.peer });
    receiver.receive(tokens.esp4, { bytes: receiver.seal() });
    assert.deepEqual(
      receiver.datapath.tun.written.map(({ tun }) => tun),
      [2, tokens.tun],
    );
  });

  test('a batch larger than one round of opening is delivered whole and in order', () => {
    const receiver = new Receiver({ udp: { sourcePort: 4500, destinationPort: 4500 }, replayWindow: 0 });
    const packet = receiver.seal();
    const perMessage = Math.floor(65000 / packet.length);
    const bytes = new Uint8Array(perMessage * packet.length);
    for (let index = 0; index < perMessage; index++) bytes.set(packet, index * packet.length);
    const message = { bytes, segmentBytes: packet.length, port: 4500 };
    receiver.receive(tokens.udp4, ...Array.from({ length: 9 }, () => message));
    assert.ok(perMessage * 9 > 4096);
    assert.equal(receiver.datapath.interfaceCell(1, 'inputPackets'), perMessage * 9);
  });
});

describe('forgery and replay', () => {
  test('a forged packet with a far number leaves the window untouched (RFC 4303 §3.4.3)', () => {
    const receiver = new Receiver();
    const { datapath, association } = receiver;
    receiver.receive(tokens.esp4, { bytes: receiver.seal({ sequence: 10 }) });
    const forged = receiver.seal({ sequence: 0x7fffffff });
    forged[20]! ^= 1;
    receiver.receive(tokens.esp4, { bytes: forged });
    assert.deepEqual(datapath.allDrops(), { authFail: 1 });
    assert.equal(datapath.associationCell(association.slot, AssociationCell.sequence), 10);
    assert.equal(datapath.associationCell(association.slot, AssociationCell.authenticationFailures), 1);
    receiver.receive(
      tokens.esp4,
      { bytes: receiver.seal({ sequence: 11 }) },
      { bytes: receiver.seal({ sequence: 9 }) },
    );
    assert.equal(datapath.tun.written.length, 3);
  });

  test('a number repeated within one batch is accepted once (RFC 4303 §3.4.3)', () => {
    const receiver = new Receiver();
    const packet = receiver.seal();
    receiver.receive(tokens.esp4, { bytes: packet }, { bytes: packet }, { bytes: packet });
    assert.equal(receiver.datapath.tun.written.length, 1);
    assert.deepEqual(receiver.datapath.allDrops(), { replayDup: 2 });
    assert.equal(receiver.datapath.associationCell(1, AssociationCell.replayDrops), 2);
  });

  test('a snapshot that repeats an SA keeps its window', () => {
    const receiver = new Receiver();
    const packet = receiver.seal();
    receiver.receive(tokens.esp4, { bytes: packet });
    receiver.datapath.apply(makeSnapshot({ version: 2, inbound: [receiver.association] }));
    receiver.receive(tokens.esp4, { bytes: packet });
    assert.deepEqual(receiver.datapath.allDrops(), { replayDup: 1 });
  });

  test('without a replay window a number may come again', () => {
    const receiver = new Receiver({ replayWindow: 0 });
    const packet = receiver.seal();
    receiver.receive(tokens.esp4, { bytes: packet }, { bytes: packet });
    assert.equal(receiver.datapath.tun.written.length, 2);
  });

  test('a drop counts for the interface whose association the packet names', () => {
    const receiver = new Receiver({}, [makeInterface({ slot: 5 })]);
    const packet = receiver.seal();
    packet[packet.length - 1]! ^= 1;
    receiver.receive(tokens.esp4, { bytes: packet });
    assert.equal(receiver.datapath.counters.drops(5, 15), 1);
  });
});

describe('lifetimes', () => {
  test('the hard packet limit stops the SA (RFC 4301 §4.4.2.1)', () => {
    const receiver = new Receiver({ hardPackets: 2 });
    receiver.receive(tokens.esp4, ...[1, 2, 3].map(() => ({ bytes: receiver.seal() })));
    assert.deepEqual(receiver.datapath.allDrops(), { expiredIn: 1 });
    assert.equal(receiver.datapath.tun.written.length, 2);
  });

  test('the hard byte limit is not overstepped', () => {
    const receiver = new Receiver({ hardBytes: 2 * (20 + udp().length) - 1 });
    receiver.receive(tokens.esp4, { bytes: receiver.seal() }, { bytes: receiver.seal() });
    assert.deepEqual(receiver.datapath.allDrops(), { expiredIn: 1 });
  });
});

describe('encapsulation', () => {
  const udpSa = { udp: { sourcePort: 4500, destinationPort: 4500 } };

  test('an association of plain ESP takes nothing from UDP', () => {
    const receiver = new Receiver();
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), port: 4500 });
    assert.deepEqual(receiver.datapath.allDrops(), { encapsulation: 1 });
  });

  test('unless it was negotiated so (RFC 7296 §2.23)', () => {
    const receiver = new Receiver({ acceptsEncapsulated: true });
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), port: 4500 });
    assert.equal(receiver.datapath.tun.written.length, 1);
  });

  test('a UDP-encapsulated association takes both (RFC 7296 §2.23)', () => {
    const receiver = new Receiver(udpSa);
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), port: 4500 });
    receiver.receive(tokens.esp4, { bytes: receiver.seal() });
    assert.equal(receiver.datapath.tun.written.length, 2);
  });

  test('keepalives, IKE messages and stumps are told apart and are no traffic (RFC 3948 §2)', () => {
    const receiver = new Receiver(udpSa);
    const payloads = [[0xff], [0], [], [1, 2, 3], [0, 0, 0, 0, 1, 2, 3, 4]];
    receiver.receive(tokens.udp4, ...payloads.map((bytes) => ({ bytes: Uint8Array.from(bytes), port: 4500 })));
    assert.deepEqual(receiver.datapath.allDrops(), { natKeepalive: 1, udpShort: 3, toIke: 1 });
    assert.equal(receiver.datapath.interfaceCell(1, 'lastInputMs'), 0);
  });
});

describe('which interface a packet enters (if_ipsec.c)', () => {
  const withPorts = (slot: number, localPort: number, peerPort: number): SnapshotInterface =>
    makeInterface({ slot, tun: slot, name: `ipsec${slot}`, outer: { ...outer4, localPort, peerPort } });
  const udpSa = { udp: { sourcePort: 40001, destinationPort: 4500 } };

  test('interfaces with one outer pair are told apart by their ports', () => {
    const receiver = new Receiver(udpSa, [withPorts(1, 4500, 40001), withPorts(2, 4500, 40002)]);
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), port: 40002 });
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), port: 40001 });
    assert.deepEqual(
      receiver.datapath.tun.written.map(({ tun }) => tun),
      [2, 1],
    );
  });

  test('an interface with ports goes before one without, which takes the rest', () => {
    const receiver = new Receiver(udpSa, [withPorts(1, 0, 0), withPorts(2, 4500, 40002)]);
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), port: 40002 });
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), port: 555 });
    assert.deepEqual(
      receiver.datapath.tun.written.map(({ tun }) => tun),
      [2, 1],
    );
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
    receiver.receive(tokens.esp4, { bytes: receiver.seal() }, { bytes: receiver.seal({ inner: udp(0, inner6) }) });
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
    receiver.receive(tokens.esp4, { bytes: receiver.seal({ inner: udp(0, inner6) }) });
    assert.deepEqual(receiver.datapath.allDrops(), { ipv6Disabled: 1 });
  });

  test('an interface that is down takes nothing', () => {
    const receiver = new Receiver({}, [makeInterface({ isUp: false })]);
    receiver.receive(tokens.esp4, { bytes: receiver.seal() });
    assert.deepEqual(receiver.datapath.allDrops(), { interfaceDown: 1 });
  });
});

describe('padding', () => {
  test('padding that is not 1, 2, 3 … is refused where the association says so, and only there', () => {
    for (const checksPadding of [true, false]) {
      const receiver = new Receiver({ checksPadding });
      const zeroPadding = receiver.datapath.transforms.create({ ...nullSpec, padding: 1 });
      const { spi } = receiver.association;
      const inner = buildIpPacket({ ...inner4, protocol: 253 }, new Uint8Array(5));
      const bytes = sealEsp(receiver.datapath.transforms, zeroPadding, { spi, sequence: 1, inner });
      receiver.receive(tokens.esp4, { bytes });
      assert.deepEqual(receiver.datapath.allDrops(), checksPadding ? { padBytes: 1 } : {});
    }
  });

  test('padding for traffic flow confidentiality is cut off (RFC 4303 §2.7)', () => {
    const receiver = new Receiver();
    const inner = udp();
    const padded = new Uint8Array(inner.length + 101);
    padded.set(inner);
    receiver.receive(tokens.esp4, { bytes: receiver.seal({ inner: padded }) });
    assert.deepEqual(present(receiver.datapath.tun.written[0]).bytes, inner);
  });
});

describe('ECN (RFC 6040 §4.2), with link1 and without', () => {
  const cases = [
    { inner: 0b10, outer: 0b11, result: 0b11, title: 'CE outside marks an ECN-capable packet' },
    { inner: 0b10, outer: 0b01, result: 0b01, title: 'ECT(1) outside is carried inward' },
    { inner: 0b01, outer: 0b10, result: 0b01, title: 'ECT(1) inside stays' },
    { inner: 0b11, outer: 0b00, result: 0b11, title: 'a mark inside stays' },
  ];
  for (const isEcnFriendly of [true, false]) {
    for (const { inner, outer, result, title } of cases) {
      test(`${title}; DSCP stays and the checksum fits (link1 ${isEcnFriendly ? 'on' : 'off'})`, () => {
        for (const pair of [inner4, inner6]) {
          const receiver = new Receiver({}, [makeInterface({ isEcnFriendly })]);
          receiver.receive(tokens.esp4, { bytes: receiver.seal({ inner: udp(0xb8 | inner, pair) }), tos: outer });
          const { bytes } = present(receiver.datapath.tun.written[0]);
          assert.equal(checkIpHeader(bytes, 0, bytes.length, 0), HeaderCheck.valid);
          const tos = pair === inner4 ? bytes[1]! : (readU16(bytes, 0) >>> 4) & 0xff;
          assert.equal(tos, 0xb8 | result);
        }
      });
    }
  }

  test('CE outside a packet that knows no ECN drops it', () => {
    const receiver = new Receiver();
    receiver.receive(tokens.esp4, { bytes: receiver.seal(), tos: 0b11 });
    assert.deepEqual(receiver.datapath.allDrops(), { ecn: 1 });
    assert.equal(receiver.datapath.interfaceCell(1, 'ecnSuspicious'), 1);
  });

  test('the outer TOS of a raw IPv4 socket is read from the header it gives', () => {
    const receiver = new Receiver();
    const addresses = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('192.0.2.2') };
    const bytes = buildIpPacket({ ...addresses, protocol: 50, tos: 0b11 }, receiver.seal({ inner: udp(0b10) }));
    receiver.receive(tokens.esp4, { bytes, tos: -1 });
    assert.equal(present(receiver.datapath.tun.written[0]).bytes[1], 0b11);
  });
});

test('a counter-mode suite is opened as well as one that is authenticated only', () => {
  const datapath = new TestDatapath();
  const transform = datapath.transforms.create(gcmSpec);
  const association = makeAssociation({ transform });
  datapath.apply(makeSnapshot({ inbound: [association] }));
  const inner = udp();
  const bytes = sealEsp(datapath.transforms, transform, { spi: association.spi, sequence: 1, inner });
  datapath.wire.toReceive.push({ bytes, tos: 0, sender: outer4.peer });
  assert.equal(datapath.inbound.pump(tokens.esp4, 1), 1);
  assert.deepEqual(present(datapath.tun.written[0]).bytes, inner);
});
