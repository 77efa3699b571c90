import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU16 } from '#core/base/bytes.ts';
import { AssociationCell } from '#core/datapath/counters.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { sealEsp } from '#test/support/packet/esp-sealer.ts';
import {
  inner4,
  inner6,
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
import { innerUdp, Receiver } from '#test/support/test-receiver.ts';

describe('receiving', () => {
  test('a packet is delivered to the device of its interface and counted', () => {
    const receiver = new Receiver();
    const inner = innerUdp();
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
    const long = innerUdp();
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

  test('the destination counts within a family too: the header of a raw socket tells it', () => {
    const destination = ip('192.0.2.9');
    const interfaces = [makeInterface(), makeInterface({ slot: 2, tun: 2, outer: { ...outer4, local: destination } })];
    const receiver = new Receiver({}, interfaces, [makeAssociation({ ...nullShape, id: 2, slot: 2, destination })]);
    const deliverTo = (address: string): void => {
      const addresses = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress(address) };
      receiver.receive(tokens.esp4, { bytes: buildIpPacket({ ...addresses, protocol: 50 }, receiver.seal()), tos: -1 });
    };
    for (const address of ['192.0.2.9', '192.0.2.2', '192.0.2.8']) deliverTo(address);
    assert.deepEqual(
      receiver.datapath.tun.written.map(({ tun }) => tun),
      [2, tokens.tun],
    );
    assert.deepEqual(receiver.datapath.allDrops(), { noSa: 1 });
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

describe('the size of a batch', () => {
  test('fewer messages are received at once where they are large, and all there are where they are small', () => {
    const receiver = new Receiver();
    const { inbound, wire } = receiver.datapath;
    const pump = (): number => inbound.pump(tokens.udp4, 1);
    const push = (count: number, length: number): void => {
      for (let index = 0; index < count; index++) wire.toReceive.push({ bytes: new Uint8Array(length), tos: 0 });
    };
    push(20, 60_000);
    assert.deepEqual([pump(), pump()], [20, 0]);
    push(20, 60_000);
    assert.deepEqual([pump(), pump(), pump(), pump(), pump()], [6, 6, 6, 2, 0]);
    push(100, 100);
    assert.deepEqual([pump(), pump(), pump()], [6, 64, 30]);
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
    const receiver = new Receiver({ hardBytes: 2 * (20 + innerUdp().length) - 1 });
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
    const inner = innerUdp();
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
          receiver.receive(tokens.esp4, { bytes: receiver.seal({ inner: innerUdp(0xb8 | inner, pair) }), tos: outer });
          const { bytes } = present(receiver.datapath.tun.written[0]);
          assert.equal(checkIpHeader(bytes, 0, bytes.length, 0), HeaderCheck.valid);
          const tos = pair === inner4 ? bytes[1]! : (readU16(bytes, 0) >>> 4) & 0xff;
          assert.equal(tos, 0xb8 | result);
          const isMarked = outer === 0b11 && inner !== 0b11;
          assert.equal(receiver.datapath.interfaceCell(1, 'ecnCongestion'), isMarked ? 1 : 0);
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

  test('suspicious marks are all counted, logged at most once in ten seconds, and not at all where that is off (RFC 6040 §4.2)', () => {
    for (const [logsEcn, lines] of [
      [true, ['ipsec0: unusual combination of inner and outer ECN (RFC 6040)']],
      [false, []],
    ] as const) {
      const receiver = new Receiver();
      const { datapath, association } = receiver;
      datapath.apply(makeSnapshot({ version: 2, inbound: [association], logsEcn }));
      for (let count = 0; count < 5; count++) {
        receiver.receive(tokens.esp4, { bytes: receiver.seal({ inner: innerUdp(0b01) }), tos: 0b10 });
      }
      assert.equal(datapath.interfaceCell(1, 'ecnSuspicious'), 5);
      assert.deepEqual(
        datapath.events,
        lines.map((message) => ({ kind: 'log', message })),
      );
    }
  });

  test('the outer TOS of a raw IPv4 socket is read from the header it gives', () => {
    const receiver = new Receiver();
    const addresses = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('192.0.2.2') };
    const bytes = buildIpPacket({ ...addresses, protocol: 50, tos: 0b11 }, receiver.seal({ inner: innerUdp(0b10) }));
    receiver.receive(tokens.esp4, { bytes, tos: -1 });
    assert.equal(present(receiver.datapath.tun.written[0]).bytes[1], 0b11);
  });
});

test('a counter-mode suite is opened as well as one that is authenticated only', () => {
  const datapath = new TestDatapath();
  const transform = datapath.transforms.create(gcmSpec);
  const association = makeAssociation({ transform });
  datapath.apply(makeSnapshot({ inbound: [association] }));
  const inner = innerUdp();
  const bytes = sealEsp(datapath.transforms, transform, { spi: association.spi, sequence: 1, inner });
  datapath.wire.toReceive.push({ bytes, tos: 0, sender: outer4.peer });
  assert.equal(datapath.inbound.pump(tokens.esp4, 1), 1);
  assert.deepEqual(present(datapath.tun.written[0]).bytes, inner);
});
