import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU16, readU32 } from '#core/base/bytes.ts';
import { announcedMtu, packToldMtu, PathMtu, toldMtu } from '#core/datapath/path-mtu.ts';
import { SendFlag } from '#core/datapath/ports.ts';
import { unheededIcmp } from '#core/datapath/snapshot.ts';
import { largestInnerPacket } from '#core/esp/overhead.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { FakeWire } from '#test/support/fake-ports.ts';
import { inner6, makeAssociation, outer6, tokens } from '#test/support/test-datapath.ts';
import { makeSender, send, udp } from '#test/support/test-sender.ts';

const shape = { ivBytes: 0, icvBytes: 16, blockBytes: 4 };
const over4 = { outerFamily: 4, hasUdp: false } as const;
const over6 = { outerFamily: 6, hasUdp: false } as const;
/** An association over IPv6. */
const sa6 = { family: 6, source: outer6.local, destination: outer6.peer, socket: tokens.esp6 } as const;

/** A UDP packet of exactly this length. */
const ofLength = (length: number, fields = {}): Uint8Array => udp(length - 28, fields);

describe('the MTU of a path', () => {
  test('is asked for once a second, or again after it was forgotten', () => {
    const wire = new FakeWire();
    const path = new PathMtu();
    const sa = makeAssociation();
    const ask = (now: number): number => path.innerMtu(sa, wire, new Uint8Array(20), 0, 0, unheededIcmp, now);
    assert.equal(ask(1000), largestInnerPacket(1500, sa, over4));
    wire.mtu = 1400;
    assert.equal(ask(1999), largestInnerPacket(1500, sa, over4));
    assert.equal(ask(2000), largestInnerPacket(1400, sa, over4));
    path.forget();
    assert.deepEqual([ask(2001), wire.mtuQuestions], [largestInnerPacket(1400, sa, over4), 3]);
    wire.mtu = -101;
    assert.equal(ask(9000), 0);
  });

  test('is what ICMP told where that is less, down to the floor, until it is forgotten (RFC 4301 §6.1.1, §8.2.2)', () => {
    const wire = new FakeWire();
    const sa = makeAssociation();
    const ask = (told: number, now: number): number =>
      new PathMtu().innerMtu(sa, wire, new Uint8Array(20), 0, packToldMtu(told, 5000), unheededIcmp, now);
    assert.equal(ask(1300, 5000), largestInnerPacket(1300, sa, over4));
    assert.equal(ask(9000, 5000), largestInnerPacket(1500, sa, over4));
    assert.equal(ask(100, 5000), largestInnerPacket(unheededIcmp.leastPathMtu, sa, over4));
    assert.equal(ask(1300, 604_999), largestInnerPacket(1300, sa, over4));
    assert.equal(ask(1300, 605_000), largestInnerPacket(1500, sa, over4));
    // The workers' clocks differ by moments; one that was set back far keeps nothing for longer than it should.
    const cell = packToldMtu(1300, 700_000);
    assert.deepEqual([toldMtu(cell, 699_999, 600), toldMtu(cell, 5000, 600)], [1300, 0]);
    wire.mtu = -101;
    assert.equal(ask(1300, 5000), largestInnerPacket(1300, sa, over4));
  });

  test('what the floor lets through goes without DF, so that a path that is as narrow as that carries it', () => {
    const path = new PathMtu();
    const sa = makeAssociation();
    path.innerMtu(sa, new FakeWire(), new Uint8Array(20), 0, packToldMtu(300, 0), unheededIcmp, 0);
    assert.deepEqual([path.isDoubtful(300), path.isDoubtful(301)], [false, true]);
  });

  test('never promises less than the IP version does (RFC 8200 §5, RFC 791)', () => {
    assert.deepEqual([announcedMtu(1200, 6), announcedMtu(1200, 4), announcedMtu(10, 4)], [1280, 1200, 68]);
  });
});

describe('DF of the outer IPv4 header (RFC 4301 §8.1)', () => {
  const cases = [
    { dontFragment: 'clear', inner: true, outer: 0 },
    { dontFragment: 'set', inner: false, outer: SendFlag.dontFragment },
    { dontFragment: 'copy', inner: true, outer: SendFlag.dontFragment },
    { dontFragment: 'copy', inner: false, outer: 0 },
  ] as const;
  for (const { dontFragment, inner, outer } of cases) {
    test(`${dontFragment}: inner DF ${inner ? 'set' : 'clear'} makes it ${outer === 0 ? 'clear' : 'set'}`, () => {
      const { datapath } = makeSender({}, { dontFragment });
      send(datapath, ofLength(100, { hasDontFragment: inner }));
      assert.equal(present(datapath.wire.sent[0]).flags, outer);
    });
  }

  test('with DF the sender hears the inner MTU of the path; what just fits passes (RFC 4301 §8.2.1)', () => {
    const { datapath } = makeSender({}, { dontFragment: 'copy' });
    datapath.wire.mtu = 1000;
    const innerMtu = largestInnerPacket(1000, shape, over4);
    send(datapath, ofLength(innerMtu, { hasDontFragment: true }), ofLength(innerMtu + 1, { hasDontFragment: true }));
    assert.equal(datapath.wire.sent.length, 1);
    assert.deepEqual(datapath.allDrops(), { outTooBig: 1 });
    const { bytes } = present(datapath.tun.written[0]);
    assert.deepEqual([readU16(bytes, 20), readU16(bytes, 26)], [0x0304, innerMtu]);
  });

  test('a sender without DF is not answered: its packet is fragmented outside', () => {
    const { datapath } = makeSender({}, { dontFragment: 'set' });
    datapath.wire.mtu = 1000;
    send(datapath, ofLength(1200));
    assert.equal(present(datapath.wire.sent[0]).flags, 0);
    assert.deepEqual([datapath.allDrops(), datapath.tun.written], [{}, []]);
  });

  test('an IPv6 sender may always send 1280 bytes, and hears no less', () => {
    const { datapath } = makeSender({}, { dontFragment: 'set' });
    datapath.wire.mtu = 1000;
    send(datapath, udp(1280 - 48, {}, inner6), udp(1281 - 48, {}, inner6));
    assert.equal(present(datapath.wire.sent[0]).flags, 0);
    assert.deepEqual(datapath.allDrops(), { outTooBig: 1 });
    assert.equal(readU32(present(datapath.tun.written[0]).bytes, 44), 1280);
  });

  test('a socket that refuses a packet is asked for the path at once', () => {
    const { datapath } = makeSender({}, { dontFragment: 'set' });
    datapath.wire.sendResult = -90;
    send(datapath, ofLength(1200, { hasDontFragment: true }));
    datapath.wire.mtu = 1000;
    datapath.wire.sendResult = null;
    send(datapath, ofLength(1200, { hasDontFragment: true }));
    assert.deepEqual(datapath.allDrops(), { outSend: 1, outTooBig: 1 });
    assert.equal(datapath.tun.written.length, 1);
  });

  test('with DF clear nobody asks and nothing is dropped, however narrow the path is', () => {
    const { datapath } = makeSender();
    datapath.wire.mtu = 100;
    send(datapath, ofLength(1400, { hasDontFragment: true }));
    assert.deepEqual([datapath.wire.sent.length, datapath.wire.mtuQuestions], [1, 0]);
  });
});

describe('outer IPv6 (in6_proto.c: ipsecifpmtu)', () => {
  test('without path MTU discovery only what is longer than 1280 bytes is cut', () => {
    const { datapath } = makeSender(sa6);
    const fitting = largestInnerPacket(1280, shape, over6);
    send(datapath, ofLength(fitting), ofLength(fitting + 1));
    assert.deepEqual(
      datapath.wire.sent.map(({ flags }) => flags),
      [0, SendFlag.minimumMtu],
    );
    assert.equal(datapath.wire.mtuQuestions, 0);
  });

  test('with it the path counts', () => {
    const { datapath } = makeSender(sa6, { pathMtuDiscovery: true });
    datapath.wire.mtu = 1400;
    const innerMtu = largestInnerPacket(1400, shape, over6);
    send(datapath, ofLength(innerMtu), udp(innerMtu + 1 - 48, {}, inner6), ofLength(innerMtu + 1));
    // An inner packet without DF is fragmented outside, and over IPv6 only the sender can do that.
    assert.deepEqual(
      datapath.wire.sent.map(({ flags }) => flags),
      [0, SendFlag.minimumMtu],
    );
    assert.deepEqual(datapath.allDrops(), { outTooBig: 1 });
    assert.equal(readU32(present(datapath.tun.written[0]).bytes, 44), innerMtu);
  });

  test('the hop limit is the interface’s', () => {
    const { datapath } = makeSender(sa6, { outerTtl: 17 });
    send(datapath, ofLength(100));
    assert.equal(present(datapath.wire.sent[0]).ttl, 17);
  });
});
