import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '#core/base/bytes.ts';
import { readAssociations } from '#core/capture/association-file.ts';
import type { CaptureRecord } from '#core/capture/capture-record.ts';
import { Decrypter, type DecryptedPacket, type DecrypterOptions } from '#core/capture/decrypter.ts';
import { LinkType } from '#core/capture/link-layer.ts';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { writeIpv4Checksum } from '#core/ip/ipv4.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { captureAssociation, capturedInner, captureSpi, sendCaptured } from '#test/support/capture/capture-sender.ts';

function makeDecrypter(text = captureAssociation(), options: Partial<DecrypterOptions> = {}): Decrypter {
  const { associations, failures } = readAssociations(text);
  assert.deepEqual(failures, []);
  const transforms = new PortableTransform(new SeededRandom(1));
  return new Decrypter({ associations, transforms, checksReplay: true, ...options });
}

function record(bytes: Uint8Array, wireLength = bytes.length): CaptureRecord {
  return { linkType: LinkType.raw, timeNs: null, bytes, wireLength, position: 0 };
}

function decrypt(packets: readonly Uint8Array[], decrypter = makeDecrypter()): DecryptedPacket[] {
  return packets.map((bytes) => decrypter.decrypt(record(bytes)));
}

function verdicts(packets: readonly Uint8Array[], decrypter = makeDecrypter()): string[] {
  return decrypt(packets, decrypter).map(({ verdict }) => verdict);
}

/** Change bytes of an IPv4 header, and make its checksum fit again. */
function withHeader(packet: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  packet.set(bytes, at);
  writeIpv4Checksum(packet, 0);
  return packet;
}

const source = parseIpAddress('192.0.2.1');
const destination = parseIpAddress('192.0.2.2');

describe('which packets are ESP', () => {
  test('an accepted packet comes with its addresses, SPI, number and inner packet', () => {
    const [first, second] = decrypt([
      sendCaptured({ sequence: 7 }),
      sendCaptured({ sequence: 8, source: '198.51.100.9' }),
    ]);
    const { inner, ...rest } = present(first);
    assert.deepEqual(rest, {
      index: 0,
      verdict: 'accept',
      source,
      destination,
      isUdp: false,
      spi: captureSpi,
      sequence: 7,
    });
    assert.equal(toHex(present(inner)), toHex(capturedInner(7)));
    // The source is no part of what names an association (RFC 4301 §4.1), and a NAT may have changed it.
    assert.deepEqual([second?.verdict, second?.source, second?.index], ['accept', '198.51.100.9', 1]);
  });

  test('the destination and the SPI name the association', () => {
    const elsewhere = sendCaptured({ sequence: 1, destination: '192.0.2.3' });
    const unknown = sendCaptured({ sequence: 1, spi: 0x1001 });
    const packets = decrypt([elsewhere, unknown]);
    assert.deepEqual(
      packets.map(({ verdict, spi, sequence }) => [verdict, spi, sequence]),
      [
        ['noSa', captureSpi, 1],
        ['noSa', 0x1001, 1],
      ],
    );
  });

  test('associations of both directions work side by side', () => {
    const back = captureAssociation().replace('192.0.2.1 192.0.2.2', '192.0.2.2 192.0.2.1');
    const there = sendCaptured({ sequence: 1 });
    const andBack = sendCaptured({ sequence: 1, source: '192.0.2.2', destination: '192.0.2.1' });
    assert.deepEqual(verdicts([there, andBack], makeDecrypter(captureAssociation() + back)), ['accept', 'accept']);
  });

  test('UDP is ESP by port 4500 or by a port of an association, at either end', () => {
    const decrypter = makeDecrypter(captureAssociation('', [40001, 50001]));
    const ports = [
      [40001, 50001],
      [4500, 53],
      [53, 4500],
      [1, 50001],
      [40001, 1],
    ] as const;
    const packets = ports.map((pair, index) => sendCaptured({ sequence: index + 1, ports: pair }));
    assert.deepEqual(
      verdicts(packets, decrypter),
      Array.from(ports, () => 'accept'),
    );
    assert.deepEqual(verdicts([sendCaptured({ sequence: 9, ports: [53, 5353] })], decrypter), ['notEsp']);
    assert.deepEqual(verdicts([sendCaptured({ sequence: 9, ports: [40001, 50001] })]), ['notEsp']);
  });

  test('either encapsulation is taken for either kind of association (RFC 7296 §2.23)', () => {
    const inUdp = sendCaptured({ sequence: 1, ports: [4500, 4500] });
    assert.deepEqual(verdicts([inUdp]), ['accept']);
    const plain = sendCaptured({ sequence: 1 });
    assert.deepEqual(verdicts([plain], makeDecrypter(captureAssociation('', [4500, 4500]))), ['accept']);
  });

  test('keepalives and IKE are told from ESP, and have no SPI', () => {
    const datagram = (...payload: number[]): Uint8Array =>
      buildUdpPacket({
        source,
        destination,
        sourcePort: 4500,
        destinationPort: 4500,
        payload: Uint8Array.from(payload),
      });
    const packets = decrypt([datagram(0xff), datagram(0, 0, 0, 0, 1, 2, 3, 4), datagram(0, 0, 0)]);
    assert.deepEqual(
      packets.map(({ verdict, spi, sequence }) => [verdict, spi, sequence]),
      [
        ['natKeepalive', null, null],
        ['toIke', null, null],
        ['udpShort', null, null],
      ],
    );
  });

  test('everything else is not ESP, whatever link type it came by', () => {
    const decrypter = makeDecrypter();
    const tcp = buildIpPacket({ source, destination, protocol: 6 }, new Uint8Array(40));
    assert.deepEqual(verdicts([tcp, Uint8Array.of(0x50, 0)], decrypter), ['notEsp', 'notEsp']);
    const arp = { ...record(new Uint8Array(60)), linkType: LinkType.ethernet };
    assert.deepEqual(decrypter.decrypt(arp), {
      index: 2,
      verdict: 'notEsp',
      source: null,
      destination: null,
      isUdp: false,
      spi: null,
      sequence: null,
      inner: null,
    });
    assert.equal(decrypter.decrypt({ ...record(sendCaptured({ sequence: 1 })), linkType: 105 }).verdict, 'notEsp');
  });
});

describe('outer headers', () => {
  test('a fragment is dropped as one; of UDP, later ones are told by their destination', () => {
    const decrypter = makeDecrypter(captureAssociation('', [4500, 4500]));
    const first = withHeader(sendCaptured({ sequence: 1 }), 6, 0x20, 0);
    const later = withHeader(sendCaptured({ sequence: 2 }), 6, 0, 2);
    const udpFirst = withHeader(sendCaptured({ sequence: 3, ports: [4500, 4500] }), 6, 0x20, 0);
    const udpLater = withHeader(sendCaptured({ sequence: 4, ports: [4500, 4500] }), 6, 0, 2);
    const strange = withHeader(sendCaptured({ sequence: 4, ports: [4500, 4500], destination: '192.0.2.9' }), 6, 0, 2);
    const found = decrypt([first, later, udpFirst, udpLater, strange], decrypter);
    assert.deepEqual(
      found.map(({ verdict, spi, sequence }) => [verdict, spi, sequence]),
      [
        ['fragment', captureSpi, 1],
        ['fragment', null, null],
        ['fragment', captureSpi, 3],
        ['fragment', null, null],
        ['notEsp', null, null],
      ],
    );
  });

  test('IPv6 extension headers are passed over; a fragment header is not', () => {
    const text = captureAssociation().replaceAll('192.0.2.', '2001:db8::');
    const addresses = { source: '2001:db8::1', destination: '2001:db8::2' };
    const insert = (sequence: number, next: number, ...header: number[]): Uint8Array => {
      const packet = sendCaptured({ sequence, ...addresses });
      const longer = Uint8Array.of(...packet.subarray(0, 40), ...header, ...packet.subarray(40));
      longer[6] = next;
      longer[5]! += header.length;
      return longer;
    };
    const destinationOptions = insert(1, 60, 50, 0, 1, 4, 0, 0, 0, 0);
    const atomic = insert(2, 44, 50, 0, 0, 0, 0, 0, 0, 9);
    const fragment = insert(3, 44, 50, 0, 0, 1, 0, 0, 0, 9);
    const endless = insert(4, 60, 60, 255, 1, 4, 0, 0, 0, 0);
    assert.deepEqual(verdicts([destinationOptions, atomic, fragment, endless], makeDecrypter(text)), [
      'accept',
      'accept',
      'fragment',
      'notEsp',
    ]);
  });

  test('a wrong checksum or length is a broken header', () => {
    const checksum = sendCaptured({ sequence: 1 });
    checksum[10]! ^= 1;
    const long = withHeader(sendCaptured({ sequence: 2 }), 2, 0xff, 0xff);
    const short = withHeader(sendCaptured({ sequence: 3 }), 0, 0x44);
    const udp = sendCaptured({ sequence: 4, ports: [4500, 4500] });
    udp[24] = 0xff;
    const none = sendCaptured({ sequence: 5, ports: [4500, 4500] });
    none.set([0, 7], 24);
    assert.deepEqual(
      verdicts([checksum, long, short, udp, none]),
      Array.from({ length: 5 }, () => 'ipHeader'),
    );
    assert.deepEqual(verdicts([Uint8Array.of(0x45, 0, 0)]), ['ipHeader']);
  });

  test('what the capture cut short is told from what came short', () => {
    const decrypter = makeDecrypter();
    for (const packet of [sendCaptured({ sequence: 5 }), sendCaptured({ sequence: 5, ports: [4500, 4500] })]) {
      const { verdict, spi, sequence } = decrypter.decrypt(record(packet.subarray(0, 44), packet.length));
      assert.deepEqual([verdict, spi, sequence], ['truncated', captureSpi, 5]);
    }
    const whole = sendCaptured({ sequence: 5 });
    assert.equal(decrypter.decrypt(record(whole.subarray(0, 10), whole.length)).verdict, 'truncated');
    // Only padding behind the packet is missing.
    assert.equal(decrypter.decrypt(record(whole, whole.length + 6)).verdict, 'accept');
  });

  test('a packet of the largest size is taken, over IPv6 with its header on top', () => {
    const inner = (length: number): Uint8Array =>
      buildIpPacket({ source, destination, protocol: 253 }, new Uint8Array(length - 20));
    const text = captureAssociation() + captureAssociation().replaceAll('192.0.2.', '2001:db8::');
    const ipv4 = sendCaptured({ sequence: 1, inner: inner(65486) });
    const addresses = { source: '2001:db8::1', destination: '2001:db8::2' };
    const ipv6 = sendCaptured({ sequence: 1, inner: inner(65506), ...addresses });
    assert.deepEqual([ipv4.length, ipv6.length], [65532, 40 + 65532]);
    assert.deepEqual(verdicts([ipv4, ipv6], makeDecrypter(text)), ['accept', 'accept']);
  });
});

describe('replays', () => {
  const again = [1, 2, 2, 70, 6, 7].map((sequence) => sendCaptured({ sequence }));

  test('without a window of its own an association has one of 64 packets (RFC 4303 §3.4.3)', () => {
    const expected = ['accept', 'accept', 'replayDup', 'accept', 'replayOld', 'accept'];
    assert.deepEqual(verdicts(again), expected);
    assert.deepEqual(verdicts(again, makeDecrypter(captureAssociation('-r 8'))), expected);
  });

  test('the window of an association is used', () => {
    const decrypter = makeDecrypter(captureAssociation('-r 16'));
    assert.deepEqual(verdicts(again, decrypter), ['accept', 'accept', 'replayDup', 'accept', 'accept', 'accept']);
  });

  test('with the check off, every number is accepted, 0 included', () => {
    const decrypter = makeDecrypter(captureAssociation('-r 8'), { checksReplay: false });
    const packets = [...again, sendCaptured({ sequence: 0 })];
    assert.deepEqual(new Set(verdicts(packets, decrypter)), new Set(['accept']));
  });

  test('with the check off, extended numbers may come late and again (RFC 4303 appendix A2)', () => {
    const decrypter = makeDecrypter(captureAssociation('-esn'), { checksReplay: false });
    const numbers = [5, 60_000, 5, 0xffff_fff0, 0x1_0000_0010, 0xffff_fff0, 0x1_0000_0010];
    // What is new lies above 2³² once the lower half has been passed.
    const packets = numbers.map((sequence) => sendCaptured({ sequence, hasEsn: true }));
    const start = decrypt(packets.slice(0, 3), decrypter);
    assert.deepEqual(new Set(start.map(({ verdict }) => verdict)), new Set(['accept']));
    const rest = decrypt(
      packets.slice(3),
      makeDecrypter(captureAssociation('-esn'), {
        checksReplay: false,
        startSequences: new Map([[captureSpi, 0xffff_0000n]]),
      }),
    );
    assert.deepEqual(
      rest.map(({ verdict, sequence }) => [verdict, sequence]),
      numbers.slice(3).map((sequence) => ['accept', sequence]),
    );
  });

  test('a dropped repetition has its whole extended number, too', () => {
    const decrypter = makeDecrypter(captureAssociation('-esn'), {
      startSequences: new Map([[captureSpi, 3n << 32n]]),
    });
    const sequence = 3 * 0x1_0000_0000 + 5;
    const packet = sendCaptured({ sequence, hasEsn: true });
    assert.deepEqual(
      decrypt([packet, packet], decrypter).map((found) => [found.verdict, found.sequence]),
      [
        ['accept', sequence],
        ['replayDup', sequence],
      ],
    );
  });

  test('numbers go up to the last of 64 bits, and behind it there is none (RFC 4303 appendix A2.2)', () => {
    const start = 0xffff_ffffn << 32n;
    const decrypter = makeDecrypter(captureAssociation('-esn'), { startSequences: new Map([[captureSpi, start]]) });
    // What the sender counts with is exact in steps of 2¹¹ here. The last one is sealed as if numbers began again.
    const lows = [0x1000, 0x1000, 0x8000_0000, 0xffff_f800, 0x1000];
    const packets = lows.map((low, index) =>
      sendCaptured({ sequence: index === 4 ? low : Number(start) + low, hasEsn: true }),
    );
    assert.deepEqual(
      decrypt(packets, decrypter).map(({ verdict, sequence }) => [verdict, sequence]),
      [
        ['accept', start + 0x1000n],
        ['replayDup', start + 0x1000n],
        ['accept', start + 0x8000_0000n],
        ['accept', start + 0xffff_f800n],
        ['esnRange', 0x1000],
      ],
    );
  });
});

test('a capture that begins with a later high word is found into, and the numbers are whole then (RFC 4303 appendix A3)', () => {
  const first = 2 * 0x1_0000_0000 + 1000;
  const packets = Array.from({ length: 70 }, (_, index) => sendCaptured({ sequence: first + index, hasEsn: true }));
  const found = decrypt(packets, makeDecrypter(captureAssociation('-esn')));
  const accepted = found.filter(({ verdict }) => verdict === 'accept');
  assert.deepEqual(
    accepted.map(({ index, sequence }) => [index, sequence]),
    [64, 65, 66, 67, 68, 69].map((index) => [index, first + index]),
  );
});

test('every frame has one verdict, and only accepted ones an inner packet (random bytes and mutations)', () => {
  const decrypter = makeDecrypter(captureAssociation('', [4500, 4500]));
  const seeds = [sendCaptured({ sequence: 1 }), sendCaptured({ sequence: 2, ports: [4500, 4500] })];
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(90), fc.nat(255)), { maxLength: 4 }), fc.nat(120))
    .map(([seed, changes, length]) => {
      const bytes = seed.slice(0, length);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });
  const linkTypes = fc.constantFrom(...Object.values<number>(LinkType));
  let index = 0;
  fc.assert(
    fc.property(
      fc.oneof(mutated, fc.uint8Array({ maxLength: 80 })),
      linkTypes,
      fc.nat(200),
      (bytes, linkType, wire) => {
        const found = decrypter.decrypt({ ...record(bytes, wire), linkType });
        assert.equal(found.index, index++);
        assert.equal(found.inner !== null, found.verdict === 'accept');
        assert.ok(found.sequence === null || found.spi !== null);
      },
    ),
    { numRuns: 5000 },
  );
});
