import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU16, writeU16 } from '#core/base/bytes.ts';
import { Reassembler } from '#core/host/memory/fragments.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { writeIpv4Checksum } from '#core/ip/ipv4.ts';
import type { SnapshotAssociation, SnapshotInterface } from '#core/datapath/snapshot.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { inner6, outer6, tokens } from '#test/support/test-datapath.ts';
import { makeSender, send, sentSequences, udp } from '#test/support/test-sender.ts';

const natT = { udp: { sourcePort: 4500, destinationPort: 4500 }, socket: tokens.udp4 } as const;

function makeCutting(
  fragmentBytes: number,
  association: Partial<SnapshotAssociation> = {},
  entry: Partial<SnapshotInterface> = {},
): ReturnType<typeof makeSender>['datapath'] {
  return makeSender({ ...natT, fragmentBytes, ...association }, { mtu: 1400, ...entry }).datapath;
}

/** Inner packets of what was sent with NULL encryption, padding and all. */
function innerPackets(datapath: ReturnType<typeof makeCutting>): Uint8Array[] {
  return datapath.wire.sent.map(({ bytes }) => bytes.slice(8, 8 + readU16(bytes, 10)));
}

describe('fragmentation before ESP (setkey -esp_frag; ipsecif.c: ipsecif4_fragout)', () => {
  test('a packet that with an outer header is larger is cut, each piece is an ESP packet of its own', () => {
    const datapath = makeCutting(552);
    const packet = udp(1300 - 28);
    send(datapath, packet);
    const pieces = innerPackets(datapath);
    assert.equal(pieces.length, 3);
    assert.deepEqual(sentSequences(datapath), [1, 2, 3]);
    assert.ok(pieces.every((piece) => piece.length + 20 <= 552));
    assert.ok(pieces.every((piece) => checkIpHeader(piece, 0, piece.length, 4) === HeaderCheck.valid));
    const reassembler = new Reassembler();
    const whole = pieces.map((piece) => reassembler.take(piece, 0)).find((result) => result !== null);
    assert.deepEqual(present(whole), packet);
    assert.deepEqual(datapath.allDrops(), {});
    assert.equal(datapath.interfaceCell(1, 'outputPackets'), 3);
  });

  test('what just fits is left whole, and the batch keeps its order', () => {
    const datapath = makeCutting(552);
    send(datapath, udp(532 - 28), udp(533 - 28), udp(1));
    assert.deepEqual(
      innerPackets(datapath).map(({ length }) => length),
      [532, 532, 21, 29],
    );
  });

  test('without a size, and for plain ESP, nothing is cut', () => {
    for (const association of [{ fragmentBytes: 0 }, { udp: null, socket: tokens.esp4 }]) {
      const datapath = makeCutting(552, association);
      send(datapath, udp(1300));
      assert.equal(datapath.wire.sent.length, 1);
    }
  });

  test('DF and IPv6 are answered with what fits, never less than IPv6 promises', () => {
    const datapath = makeCutting(1320, {}, { mtu: 1500 });
    send(datapath, udp(1400, { hasDontFragment: true }), udp(1400, {}, inner6));
    assert.deepEqual(datapath.allDrops(), { outTooBig: 2 });
    const [four, six] = datapath.tun.written;
    assert.equal(readU16(present(four).bytes, 26), 1300);
    assert.equal(readU16(present(six).bytes, 46), 1300);
    const narrow = makeCutting(552);
    send(narrow, udp(1280 - 48, {}, inner6));
    assert.equal(narrow.wire.sent.length, 1);
  });

  test('over IPv6 the outer header takes 40 bytes', () => {
    const over6 = { family: 6, source: outer6.local, destination: outer6.peer, socket: tokens.udp6 } as const;
    const datapath = makeCutting(552, over6);
    send(datapath, udp(1300 - 28));
    assert.ok(innerPackets(datapath).every((piece) => piece.length + 40 <= 552));
  });

  test('a partial checksum is completed before the packet is cut', () => {
    const datapath = makeCutting(552);
    const packet = udp(1000);
    const complete = readU16(packet, 26);
    const l4 = packet.length - 20;
    // The field holds the folded sum of the pseudo-header.
    let sum = 17 + l4;
    for (let at = 12; at < 20; at += 2) sum += readU16(packet, at);
    const partial = (sum & 0xffff) + (sum >>> 16);
    const bytes = packet.slice();
    bytes[26] = partial >>> 8;
    bytes[27] = partial;
    datapath.tun.toRead.push({ bytes, needsChecksum: 1, csumStart: 20, csumOffset: 6 });
    datapath.outbound.pump(tokens.tun, 1000);
    assert.equal(readU16(present(innerPackets(datapath)[0]), 26), complete);
    datapath.tun.toRead.push({ bytes, needsChecksum: 1, csumStart: 2000, csumOffset: 6 });
    datapath.outbound.pump(tokens.tun, 1000);
    assert.deepEqual(datapath.allDrops(), { outSegmentation: 1 });
  });

  test('many packets in many pieces all arrive whole, however often they have to be sent in between', () => {
    const datapath = makeCutting(88);
    const packets = Array.from({ length: 100 }, (_, index) => {
      const packet = udp(1300);
      writeU16(packet, 4, index);
      writeIpv4Checksum(packet, 0);
      packet[28] = index;
      return packet;
    });
    send(datapath, ...packets);
    const pieces = innerPackets(datapath);
    const numbers = sentSequences(datapath);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
    const reassembler = new Reassembler();
    const whole = pieces.map((piece) => reassembler.take(piece, 0)).filter((result) => result !== null);
    assert.deepEqual(whole, packets);
  });

  test('padding keeps the size', () => {
    const datapath = makeCutting(552, {}, { tfcMultiple: 8192 });
    send(datapath, udp(1300 - 28));
    assert.ok(datapath.wire.sent.every(({ bytes }) => bytes.length === 8 + 536 + 16));
  });

  test('a limit that is reached in between drops the rest', () => {
    const datapath = makeCutting(552, { hardPackets: 2 });
    send(datapath, udp(1300 - 28));
    assert.deepEqual(sentSequences(datapath), [1, 2]);
    assert.deepEqual(datapath.allDrops(), { outExpired: 1 });
  });
});
