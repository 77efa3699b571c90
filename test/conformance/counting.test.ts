/**
 * Nothing gets lost: accepted + dropped by reason = received, whatever comes, and no input makes a loop throw.
 * Random mutations of real packets, with a seed that a failure prints, and a fuzz run bounded by time.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AssociationCell, InterfaceCell } from '#core/datapath/counters.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { hexBytes, readFixture } from '#test/fixtures/read-fixture.ts';
import { sealEsp } from '#test/support/packet/esp-sealer.ts';
import type { TunPacket, WireMessage } from '#test/support/fake-ports.ts';
import {
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

const pair4 = { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') };
const pair6 = { source: parseIpAddress('fd00:1::1'), destination: parseIpAddress('fd00:2::1') };
const udpSa = { sourcePort: 4500, destinationPort: 4500 };
const socketTokens = [tokens.esp4, tokens.esp6, tokens.udp4, tokens.udp6, tokens.icmp4, tokens.icmp6, 99];
const fuzzMs = 1500;

/** Interfaces and associations of every kind, in both directions. */
function makeEverything(): TestDatapath {
  const datapath = new TestDatapath();
  const transform = datapath.transforms.create(nullSpec);
  const base = { ...nullShape, transform };
  const family6 = { family: 6, source: outer6.peer, destination: outer6.local } as const;
  const inbound = [
    makeAssociation({ ...base, id: 1, slot: 1, spi: 0x1001 }),
    makeAssociation({ ...base, id: 2, slot: 2, spi: 0x1002, ...family6, hasEsn: true }),
    makeAssociation({ ...base, id: 3, slot: 3, spi: 0x1003, udp: udpSa, checksPadding: false }),
    makeAssociation({ ...base, id: 4, slot: 4, spi: 0x1004, replayWindow: 0, hardPackets: 50 }),
  ];
  const reverse = { source: outer4.local, destination: outer4.peer, socket: tokens.esp4 };
  const outbound = [
    makeAssociation({ ...base, id: 11, slot: 11, spi: 0x2001, ...reverse, hardPackets: 2000 }),
    makeAssociation({ ...base, id: 12, slot: 12, spi: 0x2002, ...reverse, hasCounterIv: true, ivHighs: [1] }),
  ];
  const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: 11, inboundReqid: 0 } as const;
  const interfaces = [
    makeInterface({ ipv4: policy, ipv6: { ...policy, outboundAssociation: 12 } }),
    makeInterface({ slot: 2, name: 'ipsec1', tun: 2, outer: outer6, forwardsIpv6: false }),
  ];
  datapath.apply(makeSnapshot({ interfaces, inbound, outbound }));
  return datapath;
}

/** Good packets of every kind, and the file of bad ones. */
function makeCorpus(datapath: TestDatapath): WireMessage[] {
  const inners = [
    buildUdpPacket({ ...pair4, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(20), tos: 2 }),
    buildUdpPacket({ ...pair6, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(20) }),
    new Uint8Array(3),
  ];
  const messages: WireMessage[] = [];
  for (const [index, spi] of [0x1001, 0x1002, 0x1003, 0x1004].entries()) {
    for (const inner of inners) {
      const nextHeader = inner.length === 3 ? 59 : inner[0]! >>> 4 === 4 ? 4 : 41;
      const packet = { spi, sequence: messages.length + 1, inner, nextHeader, hasEsn: index === 1 };
      const esp = sealEsp(datapath.transforms, 0, packet);
      messages.push({ bytes: esp, tos: index, sender: index === 1 ? outer6.peer : outer4.peer, port: 4500 });
      const addresses = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('192.0.2.2') };
      messages.push({ bytes: buildIpPacket({ ...addresses, protocol: 50 }, esp), tos: -1, sender: outer4.peer });
    }
  }
  const vectors = readFixture<{ cases: { steps: { packet?: string }[] }[] }>('negative-vectors.json');
  for (const { packet } of vectors.cases.flatMap(({ steps }) => steps)) {
    if (packet !== undefined) messages.push({ bytes: hexBytes(packet), tos: -1, sender: outer4.peer });
  }
  return messages;
}

/** Change some bytes, cut, lengthen, merge or mark as truncated. */
function mutate(message: WireMessage, random: SeededRandom): WireMessage {
  let bytes = message.bytes.slice();
  for (let changes = random.below(4); changes > 0; changes--) bytes[random.below(bytes.length)] = random.below(256);
  if (random.below(6) === 0) bytes = bytes.subarray(0, random.below(bytes.length + 1));
  if (random.below(12) === 0) bytes = Uint8Array.of(...bytes, ...bytes, ...bytes.subarray(0, random.below(9)));
  const segmentBytes = random.below(8) === 0 ? random.below(bytes.length + 2) : bytes.length;
  const tos = random.below(10) === 0 ? random.below(257) - 1 : message.tos;
  return { ...message, bytes, segmentBytes, tos, isTruncated: random.below(40) === 0 };
}

function datagramsOf({ bytes, segmentBytes = bytes.length }: WireMessage): number {
  return segmentBytes > 0 ? Math.max(1, Math.ceil(bytes.length / segmentBytes)) : 1;
}

/** Feed messages in batches; assert that every datagram is accounted for. */
function assertInboundAdds(datapath: TestDatapath, messages: readonly WireMessage[], random: SeededRandom): void {
  const before = inboundTotal(datapath);
  datapath.tun.written = [];
  const acceptedBefore = accepted(datapath);
  let received = 0;
  for (let at = 0; at < messages.length;) {
    const batch = messages.slice(at, at + 1 + random.below(64));
    at += batch.length;
    datapath.wire.toReceive.push(...batch);
    datapath.tun.writeResult = random.below(30) === 0 ? -5 : 0;
    const token = socketTokens[random.below(socketTokens.length)] ?? tokens.esp4;
    assert.equal(datapath.inbound.pump(token, 1000), batch.length);
    received += batch.reduce((sum, message) => sum + datagramsOf(message), 0);
  }
  assert.equal(inboundTotal(datapath) - before, received);
  assert.equal(datapath.tun.written.length, accepted(datapath) - acceptedBefore);
}

function accepted(datapath: TestDatapath): number {
  return [1, 2].reduce((sum, slot) => sum + datapath.interfaceCell(slot, 'inputPackets'), 0);
}

function inboundTotal(datapath: TestDatapath): number {
  return accepted(datapath) + datapath.droppedPackets('inbound');
}

describe('inbound', () => {
  test('accepted + dropped by reason = received, under random mutation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (seed) => {
        const random = new SeededRandom(seed);
        const datapath = makeEverything();
        const corpus = makeCorpus(datapath);
        const messages = Array.from({ length: 200 }, () => {
          const message = corpus[random.below(corpus.length)];
          assert.ok(message !== undefined);
          return random.below(3) === 0 ? message : mutate(message, random);
        });
        assertInboundAdds(datapath, messages, random);
      }),
      { numRuns: 25 },
    );
  });

  test('the corpus itself reaches acceptance and many reasons: the mutations start from something', () => {
    const datapath = makeEverything();
    for (const message of makeCorpus(datapath)) {
      for (const token of socketTokens) {
        datapath.wire.toReceive.push(message);
        datapath.inbound.pump(token, 1000);
      }
    }
    assert.ok(accepted(datapath) >= 5, `${accepted(datapath)} accepted`);
    assert.ok(Object.keys(datapath.allDrops()).length >= 8, Object.keys(datapath.allDrops()).join(' '));
    assert.ok(datapath.associationCell(1, AssociationCell.packets) > 0);
  });

  test('mutated packets never throw and never get lost, as long as time allows', (context) => {
    const random = new SeededRandom(0x4e454741);
    const datapath = makeEverything();
    const corpus = makeCorpus(datapath);
    const end = performance.now() + fuzzMs;
    let inputs = 0;
    while (performance.now() < end) {
      const messages = Array.from({ length: 256 }, () => mutate(corpus[random.below(corpus.length)] ?? fail(), random));
      assertInboundAdds(datapath, messages, random);
      inputs += messages.length;
    }
    context.diagnostic(`${inputs} mutated messages`);
    assert.ok(inputs >= 256);
    const reasons = Object.keys(datapath.allDrops());
    assert.ok(reasons.length >= 15, `reached only ${reasons.join(' ')}`);
  });
});

describe('outbound', () => {
  function makePackets(): TunPacket[] {
    const tcp = new Uint8Array(1020);
    tcp[12] = 0x50;
    return [
      { bytes: buildUdpPacket({ ...pair4, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(20) }) },
      { bytes: buildUdpPacket({ ...pair6, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(20) }) },
      {
        bytes: buildUdpPacket({
          ...pair4,
          sourcePort: 1,
          destinationPort: 2,
          payload: new Uint8Array(1600),
          hasDontFragment: true,
        }),
      },
      {
        bytes: buildIpPacket({ ...pair4, protocol: 6 }, tcp),
        gsoType: 1,
        gsoSize: 1000,
        needsChecksum: 1,
        csumStart: 20,
        csumOffset: 16,
      },
      { bytes: buildIpPacket({ ...pair6, protocol: 44 }, new Uint8Array(40)) },
      { bytes: buildIpPacket({ ...pair4, protocol: 50 }, Uint8Array.of(0, 0, 0x20, 1, 0, 0, 0, 1, 2, 3)) },
    ];
  }

  test('sent + dropped by reason = read, under random mutation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (seed) => {
        const random = new SeededRandom(seed);
        const datapath = makeEverything();
        const packets = makePackets();
        let read = 0;
        for (let round = 0; round < 20; round++) {
          const batch = Array.from({ length: random.below(40) }, () => {
            const packet = packets[random.below(packets.length)] ?? fail();
            const bytes = packet.bytes.slice(0, random.below(5) === 0 ? random.below(packet.bytes.length) : undefined);
            if (bytes.length > 0 && random.below(2) === 0) bytes[random.below(bytes.length)] = random.below(256);
            return { ...packet, bytes };
          });
          datapath.tun.toRead.push(...batch);
          datapath.wire.sendResult = random.below(5) === 0 ? -1 : null;
          read += datapath.outbound.pump(random.below(6) === 0 ? 2 : tokens.tun, round);
        }
        const sent = [1, 2].reduce((sum, slot) => sum + datapath.interfaceCell(slot, 'outputPackets'), 0);
        // A super-packet of the corpus is one segment here, so rows are packets.
        assert.equal(sent + datapath.droppedPackets('outbound'), read);
      }),
      { numRuns: 25 },
    );
  });

  test('cells of an interface stay whole numbers', () => {
    const datapath = makeEverything();
    datapath.tun.toRead.push(...makePackets());
    datapath.outbound.pump(tokens.tun, 5);
    for (const cell of Object.values(InterfaceCell)) {
      assert.ok(Number.isInteger(datapath.counters.cells[datapath.counters.interfaceBase(1) + cell]));
    }
    assert.ok(datapath.interfaceCell(1, 'outputPackets') > 0);
  });
});

function fail(): never {
  throw new Error('the corpus is empty');
}
