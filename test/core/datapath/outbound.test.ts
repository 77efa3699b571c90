import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU32, toHex } from '#core/base/bytes.ts';
import { AssociationCell } from '#core/datapath/counters.ts';
import type { SnapshotInterface } from '#core/datapath/snapshot.ts';
import { buildEchoPacket } from '#core/host/memory/ip-packet.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import {
  inner4,
  inner6,
  ip,
  makeAssociation,
  makeSnapshot,
  nullShape,
  outer4,
  outer6,
  TestDatapath,
  tokens,
} from '#test/support/test-datapath.ts';
import { makeSender, send, sentSequences, udp } from '#test/support/test-sender.ts';

describe('sending', () => {
  test('an inner packet becomes one ESP packet to the peer, the first with number 1 (RFC 4303 §3.3.3)', () => {
    const { datapath, association } = makeSender();
    const inner = udp();
    send(datapath, inner);
    const [run] = datapath.wire.sent;
    assert.equal(datapath.wire.sent.length, 1);
    const { bytes, socket, destination, port } = present(run);
    assert.deepEqual([socket, port, toHex(destination)], [tokens.esp4, 0, toHex(outer4.peer)]);
    assert.equal(readU32(bytes, 0), association.spi);
    assert.equal(readU32(bytes, 4), 1);
    assert.deepEqual(bytes.slice(8, 8 + inner.length), inner);
    assert.equal(datapath.interfaceCell(1, 'outputPackets'), 1);
    assert.equal(datapath.interfaceCell(1, 'outputBytes'), inner.length);
    assert.equal(datapath.interfaceCell(1, 'lastOutputMs'), 1000);
    assert.deepEqual(datapath.allDrops(), {});
  });

  test('the SA counts whole outer packets, header included, as NetBSD does (key.c)', () => {
    const { datapath, association } = makeSender();
    const echo = { isReply: false, identifier: 1, sequence: 1, payload: new Uint8Array(56) };
    send(datapath, buildEchoPacket(inner4, echo));
    // 84 bytes: 20 + 8 + (84 + 2 padded to 88) + 16
    assert.equal(datapath.associationCell(association.slot, AssociationCell.bytes), 132);
    assert.equal(datapath.associationCell(association.slot, AssociationCell.packets), 1);
    assert.equal(datapath.associationCell(association.slot, AssociationCell.sequence), 1);
    assert.equal(datapath.associationCell(association.slot, AssociationCell.firstUsedMs), 1000);
  });

  test('a batch keeps its order and counts up', () => {
    const { datapath } = makeSender();
    send(datapath, ...Array.from({ length: 300 }, () => udp()));
    datapath.outbound.pump(tokens.tun, 1000);
    assert.deepEqual(
      sentSequences(datapath),
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
  });

  test('inner IPv6 goes by the IPv6 policy with next header 41', () => {
    const { datapath } = makeSender();
    send(datapath, udp(32, {}, inner6));
    const { bytes } = present(datapath.wire.sent[0]);
    assert.equal(bytes[bytes.length - 16 - 1], 41);
  });

  test('a UDP-encapsulated SA sends to its peer port', () => {
    const { datapath } = makeSender({ udp: { sourcePort: 4500, destinationPort: 40001 }, socket: tokens.udp4 });
    send(datapath, udp());
    const { port, socket } = present(datapath.wire.sent[0]);
    assert.deepEqual([port, socket], [40001, tokens.udp4]);
  });

  test('what the inner header does not cover is not sent along', () => {
    const { datapath } = makeSender();
    const inner = udp(8);
    const padded = new Uint8Array(inner.length + 10);
    padded.set(inner);
    send(datapath, padded);
    assert.equal(datapath.interfaceCell(1, 'outputBytes'), inner.length);
  });

  test('what the socket refuses is counted as such', () => {
    const { datapath } = makeSender();
    datapath.wire.sendResult = -105;
    send(datapath, udp(), udp());
    assert.deepEqual(datapath.allDrops(), { outSend: 2 });
    assert.equal(datapath.interfaceCell(1, 'outputPackets'), 0);
  });

  test('what the transform refuses is counted as such, and the rest of the batch goes out', () => {
    const { datapath, association, entry } = makeSender();
    const other = makeAssociation({ ...association, id: 2, slot: 2, transform: 999 });
    const policy = { ...present(entry.ipv6), outboundAssociation: 2 };
    const snapshot = makeSnapshot({ interfaces: [{ ...entry, ipv6: policy }], outbound: [association, other] });
    datapath.apply(snapshot);
    send(datapath, udp(), udp(8, {}, inner6), udp());
    assert.deepEqual(datapath.allDrops(), { outEngine: 1 });
    assert.equal(datapath.wire.sent.length, 2);
  });
});

describe('outer TOS (RFC 6040 §4.1)', () => {
  const cases = [
    { isEcnFriendly: true, tos: 0xb9, outer: 0xb9, title: 'with link1 DSCP and ECN are copied' },
    { isEcnFriendly: true, tos: 0x03, outer: 0x03, title: 'with link1 CE is copied' },
    { isEcnFriendly: false, tos: 0xb9, outer: 0xb8, title: 'without link1 DSCP is copied and ECN cleared' },
    { isEcnFriendly: false, tos: 0x03, outer: 0x00, title: 'without link1 CE stays inside' },
  ];
  for (const { isEcnFriendly, tos, outer, title } of cases) {
    test(title, () => {
      for (const pair of [inner4, inner6]) {
        const { datapath } = makeSender({}, { isEcnFriendly });
        send(datapath, udp(8, { tos }, pair));
        assert.equal(present(datapath.wire.sent[0]).tos, outer);
      }
    });
  }

  test('DF is not set on the outer header, whatever the inner one says (ipsecif.c)', () => {
    const { datapath } = makeSender();
    send(datapath, udp(8, { hasDontFragment: true }));
    assert.equal(present(datapath.wire.sent[0]).flags, 0);
  });
});

describe('refusals', () => {
  const cases: [string, Partial<SnapshotInterface>, Uint8Array, string][] = [
    ['an interface that is down', { isUp: false }, udp(), 'outInterfaceDown'],
    ['an interface without a tunnel', { outer: null, ipv4: null, ipv6: null }, udp(), 'outNotConfigured'],
    ['inner IPv6 without link2', { forwardsIpv6: false }, udp(8, {}, inner6), 'outIpv6Disabled'],
    ['a multicast peer', { outer: { ...outer4, peer: ip('224.0.0.1') } }, udp(), 'outOuterAddress'],
    ['an unspecified local address', { outer: { ...outer4, local: ip('0.0.0.0') } }, udp(), 'outOuterAddress'],
    ['a broadcast peer', { outer: { ...outer4, peer: ip('255.255.255.255') } }, udp(), 'outOuterAddress'],
    ['an IPv6 multicast peer', { outer: { ...outer6, peer: ip('ff02::1') } }, udp(), 'outOuterAddress'],
    ['a packet of neither IP version', {}, Uint8Array.of(0x10, 0, 0, 0), 'outInnerHeader'],
    ['an empty packet', {}, new Uint8Array(0), 'outInnerHeader'],
    ['a packet cut short', {}, udp().subarray(0, 40), 'outInnerHeader'],
  ];
  for (const [what, entry, packet, reason] of cases) {
    test(`refuses ${what}`, () => {
      const { datapath } = makeSender({}, entry);
      send(datapath, packet);
      assert.deepEqual(datapath.allDrops(), { [reason]: 1 });
      assert.equal(datapath.wire.sent.length, 0);
    });
  }

  test('down comes before unconfigured, unconfigured before link2 (if_ipsec.c)', () => {
    const nothing = { outer: null, ipv4: null, ipv6: null, forwardsIpv6: false };
    const { datapath } = makeSender({}, { ...nothing, isUp: false });
    send(datapath, udp(8, {}, inner6));
    assert.deepEqual(datapath.allDrops(), { outInterfaceDown: 1 });
    const second = makeSender({}, nothing).datapath;
    send(second, udp(8, {}, inner6));
    assert.deepEqual(second.allDrops(), { outNotConfigured: 1 });
  });

  test('a policy that discards drops', () => {
    const discard = { action: 'discard', outboundSpid: 2, outboundAssociation: -1, inboundReqid: 0 } as const;
    const { datapath } = makeSender({}, { ipv4: discard });
    send(datapath, udp());
    assert.deepEqual(datapath.allDrops(), { outPolicy: 1 });
  });

  test('a device that the snapshot does not name is drained and counted', () => {
    const { datapath } = makeSender();
    datapath.tun.toRead.push({ bytes: udp() });
    assert.equal(datapath.outbound.pump(99, 1000), 1);
    assert.deepEqual(datapath.allDrops(), { outNotConfigured: 1 });
  });
});

describe('without an association', () => {
  function makeWaiting(): TestDatapath {
    const datapath = new TestDatapath();
    datapath.apply(makeSnapshot({}));
    return datapath;
  }

  test('nothing is sent in the clear, and an acquire is asked for (RFC 4301 §5.1)', () => {
    const datapath = makeWaiting();
    send(datapath, udp());
    assert.deepEqual(datapath.allDrops(), { outNoSa: 1 });
    assert.equal(datapath.wire.sent.length, 0);
    assert.deepEqual(datapath.events, [{ kind: 'acquire', interfaceSlot: 1, spid: 2 }]);
  });

  test('acquires come at most once a second and policy', () => {
    const datapath = makeWaiting();
    const pumpAt = (now: number, packet: Uint8Array): void => {
      datapath.tun.toRead.push({ bytes: packet });
      datapath.outbound.pump(tokens.tun, now);
    };
    for (let now = 0; now < 1000; now += 10) pumpAt(now, udp());
    pumpAt(500, udp(8, {}, inner6));
    pumpAt(1000, udp());
    const spids = datapath.events.map((event) => (event.kind === 'acquire' ? event.spid : -1));
    assert.deepEqual(spids, [2, 4, 2]);
  });

  test('a snapshot that repeats the policy does not start its interval anew', () => {
    const datapath = makeWaiting();
    send(datapath, udp());
    datapath.apply(makeSnapshot({ version: 2 }));
    send(datapath, udp());
    assert.equal(datapath.events.length, 1);
  });
});

describe('sequence numbers and lifetimes', () => {
  test('the last number of a 32-bit SA is 0xffffffff, and then it refuses (RFC 4303 §3.3.3)', () => {
    const { datapath, association } = makeSender({ initialSequence: 0xfffffffe });
    send(datapath, udp(), udp(), udp());
    assert.deepEqual(sentSequences(datapath), [0xffffffff]);
    assert.deepEqual(datapath.allDrops(), { outSeqOverflow: 2 });
    assert.deepEqual(datapath.events, [{ kind: 'exhausted', association: association.id, reason: 'sequence' }]);
  });

  test('an ESN carries into the high word, which the ICV covers (RFC 4303 §2.2.1)', () => {
    const { datapath, association } = makeSender({ initialSequence: 0xffffffff, hasEsn: true });
    const inner = udp();
    send(datapath, inner);
    const { bytes } = present(datapath.wire.sent[0]);
    assert.equal(readU32(bytes, 4), 0);
    const receiver = new TestDatapath(datapath.transforms);
    const { transform, spi } = association;
    const back = makeAssociation({ ...nullShape, transform, spi, hasEsn: true, initialSequence: 0xfffffff0 });
    receiver.apply(makeSnapshot({ inbound: [back] }));
    receiver.wire.toReceive.push({ bytes, tos: 0, sender: outer4.peer });
    receiver.inbound.pump(tokens.esp4, 1000);
    assert.deepEqual(present(receiver.tun.written[0]).bytes, inner);
    assert.equal(receiver.associationCell(1, AssociationCell.sequence), 0x1_0000_0000);
  });

  test('an ESN SA refuses after 2⁵³ − 1', () => {
    const { datapath } = makeSender({ initialSequence: Number.MAX_SAFE_INTEGER, hasEsn: true });
    send(datapath, udp());
    assert.deepEqual(datapath.allDrops(), { outSeqOverflow: 1 });
  });

  test('a snapshot that repeats an SA never restarts its numbers; another SA starts with its own', () => {
    const { datapath, association, entry } = makeSender();
    send(datapath, udp(), udp());
    datapath.apply(makeSnapshot({ version: 2, interfaces: [entry], outbound: [association] }));
    send(datapath, udp());
    const successor = { ...association, id: 2, slot: 2, spi: 0x2000 };
    const policy = { ...present(entry.ipv4), outboundAssociation: 2 };
    const interfaces = [{ ...entry, ipv4: policy }];
    datapath.apply(makeSnapshot({ version: 3, interfaces, outbound: [association, successor] }));
    send(datapath, udp());
    assert.deepEqual(sentSequences(datapath), [1, 2, 3, 1]);
  });

  test('the hard packet limit stops the SA (RFC 4301 §4.4.2.1)', () => {
    const { datapath, association } = makeSender({ hardPackets: 2 });
    send(datapath, udp(), udp(), udp());
    assert.equal(datapath.wire.sent.length, 2);
    assert.deepEqual(datapath.allDrops(), { outExpired: 1 });
    assert.deepEqual(datapath.events, [{ kind: 'exhausted', association: association.id, reason: 'packets' }]);
  });

  test('the hard byte limit counts outer packets and is not overstepped', () => {
    // 32 bytes of payload: 60 inner, 20 + 8 + 64 + 16 = 108 outer
    const { datapath } = makeSender({ hardBytes: 215 });
    send(datapath, udp(), udp());
    assert.equal(datapath.wire.sent.length, 1);
    assert.deepEqual(datapath.allDrops(), { outExpired: 1 });
  });
});
