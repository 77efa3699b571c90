import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AssociationCell } from '#core/datapath/counters.ts';
import { SendFlag } from '#core/datapath/ports.ts';
import type { SnapshotAssociation, SnapshotInterface } from '#core/datapath/snapshot.ts';
import { largestInnerPacket } from '#core/esp/overhead.ts';
import { PacketInHand } from '#core/datapath/sending/packet-in-hand.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { inner6, makeSnapshot, outer4, outer6, tokens } from '#test/support/test-datapath.ts';
import { makeSender, send, udp } from '#test/support/test-sender.ts';

/** Bytes of an ESP packet of NULL encryption with HMAC-SHA2-256 around `payload` bytes. */
const espBytes = (payload: number): number => 8 + Math.ceil((payload + 2) / 4) * 4 + 16;

function sentLengths(entry: Partial<SnapshotInterface>, association: Partial<SnapshotAssociation> = {}) {
  const { datapath } = makeSender(association, { mtu: 1280, ...entry });
  return {
    datapath,
    of(...payloads: number[]): number[] {
      send(datapath, ...payloads.map((bytes) => udp(bytes - 28)));
      return datapath.wire.sent.map(({ bytes }) => bytes.length);
    },
  };
}

describe('padding for traffic flow confidentiality (RFC 4303 §2.7)', () => {
  test('none unless the interface says so', () => {
    assert.deepEqual(sentLengths({}).of(60, 100, 1280), [60, 100, 1280].map(espBytes));
  });

  test('to a multiple, or to the MTU, and then all packets are of one length', () => {
    assert.deepEqual(
      sentLengths({ tfcMultiple: 256 }).of(60, 256, 257, 1279, 1280),
      [256, 256, 512, 1280, 1280].map(espBytes),
    );
    assert.deepEqual(sentLengths({ tfcMultiple: 8192 }).of(60, 700, 1280), [1280, 1280, 1280].map(espBytes));
  });

  test('never beyond what the path carries where that is to be kept', () => {
    const innerMtu = largestInnerPacket(
      1000,
      { ivBytes: 0, icvBytes: 16, blockBytes: 4 },
      { outerFamily: 4, hasUdp: false },
    );
    const sender = sentLengths({ tfcMultiple: 8192, dontFragment: 'set' });
    sender.datapath.wire.mtu = 1000;
    assert.deepEqual(sender.of(60, innerMtu), [innerMtu, innerMtu].map(espBytes));
    assert.ok(sender.datapath.wire.sent.every(({ flags }) => flags === SendFlag.dontFragment));
    assert.ok(sender.datapath.wire.sent.every(({ bytes }) => 20 + bytes.length <= 1000));
  });

  test('over IPv6 the padded packet decides about fragments of 1280 bytes', () => {
    const over6 = { family: 6, source: outer6.local, destination: outer6.peer, socket: tokens.esp6 } as const;
    const { datapath, of } = sentLengths({ tfcMultiple: 8192 }, over6);
    of(60);
    assert.equal(present(datapath.wire.sent[0]).flags, SendFlag.minimumMtu);
  });

  test('counts as bytes of the association, not of the interface', () => {
    const { datapath, of } = sentLengths({ tfcMultiple: 8192 });
    of(60);
    assert.equal(datapath.interfaceCell(1, 'outputBytes'), 60);
    assert.equal(datapath.associationCell(1, AssociationCell.bytes), 20 + espBytes(1280));
  });

  test('a hard limit in bytes sees it', () => {
    const { datapath, of } = sentLengths({ tfcMultiple: 8192 }, { hardBytes: 20 + espBytes(1280) - 1 });
    assert.deepEqual(of(60), []);
    assert.deepEqual(datapath.allDrops(), { outExpired: 1 });
  });

  test('the receiver finds the ends of inner IPv4 and IPv6 packets by their own lengths', () => {
    const { datapath, association } = makeSender({}, { tfcMultiple: 1280 });
    const packets = [udp(1), udp(500), udp(1, {}, inner6), udp(777, {}, inner6)];
    send(datapath, ...packets);
    const back = { ...association, source: outer4.peer, destination: outer4.local };
    datapath.inbound.apply(makeSnapshot({ inbound: [back] }));
    for (const { bytes } of datapath.wire.sent) {
      datapath.wire.toReceive.push({ bytes, tos: 0, sender: outer4.peer });
    }
    datapath.inbound.pump(tokens.esp4, 2000);
    assert.deepEqual(datapath.allDrops(), {});
    assert.deepEqual(
      datapath.tun.written.map(({ bytes }) => bytes),
      packets,
    );
  });
});

test('a packet that no device gave has nothing left of the one before', () => {
  const packet = new PacketInHand();
  packet.take(Int32Array.of(7, 60, 0x81, 1400, 1, 20, 16), 0);
  assert.deepEqual([packet.gsoType, packet.gsoSize, packet.needsChecksum], [1, 1400, true]);
  packet.tfcMultiple = 64;
  packet.tfcLimit = 1280;
  packet.isDummy = true;
  packet.outerFlags = SendFlag.dontFragment;
  const whole = udp(10);
  packet.takeWhole(whole, 0, whole.length);
  assert.deepEqual(
    [packet.gsoType, packet.gsoSize, packet.needsChecksum, packet.isDummy, packet.outerFlags, packet.tfcMultiple],
    [0, 0, false, false, 0, 0],
  );
  assert.deepEqual([packet.header.totalLength, packet.size.segments, packet.paddedBytes(38)], [38, 1, 38]);
});
