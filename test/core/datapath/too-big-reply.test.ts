import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU16, readU32, toHex } from '#core/base/bytes.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { inner6, ip, tokens } from '#test/support/test-datapath.ts';
import { makeSender, send, udp } from '#test/support/test-sender.ts';

describe('MTU', () => {
  test('a packet of exactly the MTU passes, one byte more does not', () => {
    const { datapath } = makeSender();
    send(datapath, udp(1400 - 28), udp(1401 - 28));
    assert.equal(datapath.wire.sent.length, 1);
    assert.deepEqual(datapath.allDrops(), { outTooBig: 1 });
  });

  test('an IPv4 sender with DF hears "fragmentation needed" with the MTU (RFC 4301 §8.2.1)', () => {
    const { datapath } = makeSender();
    const packet = udp(1500, { hasDontFragment: true });
    send(datapath, packet);
    const { bytes, tun } = present(datapath.tun.written[0]);
    assert.equal(tun, tokens.tun);
    assert.equal(checkIpHeader(bytes, 0, bytes.length, 4), HeaderCheck.valid);
    assert.equal(toHex(bytes.subarray(16, 20)), toHex(ip('10.1.0.1').subarray(0, 4)));
    assert.equal(readU16(bytes, 20), 0x0304);
    assert.equal(readU16(bytes, 26), 1400);
    assert.deepEqual(bytes.subarray(28), packet.subarray(0, bytes.length - 28));
  });

  test('an IPv6 sender hears "packet too big" with the MTU', () => {
    const { datapath } = makeSender();
    send(datapath, udp(1500, {}, inner6));
    const { bytes } = present(datapath.tun.written[0]);
    assert.equal(bytes[40], 2);
    assert.equal(readU32(bytes, 44), 1400);
  });

  test('an IPv4 sender without DF hears nothing: the host cuts its packets', () => {
    const { datapath } = makeSender();
    send(datapath, udp(1500));
    assert.equal(datapath.tun.written.length, 0);
    assert.deepEqual(datapath.allDrops(), { outTooBig: 1 });
  });

  test('answers are limited: a flood of too-big packets gets a burst and no more', () => {
    const { datapath } = makeSender();
    send(datapath, ...Array.from({ length: 120 }, () => udp(1500, { hasDontFragment: true })));
    assert.equal(datapath.tun.written.length, 50);
    assert.deepEqual(datapath.allDrops(), { outTooBig: 120 });
  });
});
