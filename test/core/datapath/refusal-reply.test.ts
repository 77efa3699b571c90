import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { checksumSum, foldChecksum, internetChecksum, ipv6PseudoHeaderSum } from '#core/ip/checksum.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { makeIcmpPacket } from '#test/support/packet/icmp-maker.ts';
import { inner4, inner6, ip, tokens } from '#test/support/test-datapath.ts';
import { makeSender, send, udp } from '#test/support/test-sender.ts';

const discard = { action: 'discard', outboundSpid: 2, outboundAssociation: -1, inboundReqid: 0 } as const;
const protect = { ...discard, action: 'protect' } as const;
const refusing = { answersRefused: true, ipv4: discard, ipv6: discard } as const;
/** Type and code. */
const said = (bytes: Uint8Array): readonly number[] =>
  bytes[0]! >>> 4 === 4 ? [...bytes.slice(20, 22)] : [...bytes.slice(40, 42)];

describe('ICMP for packets that are kept back (RFC 4301 §5.1.1)', () => {
  test('nobody is answered unless the interface is told to', () => {
    const { datapath } = makeSender({}, { ipv4: discard, ipv6: discard });
    send(datapath, udp(), udp(32, {}, inner6));
    assert.deepEqual([datapath.allDrops(), datapath.tun.written], [{ outPolicy: 2 }, []]);
  });

  test('what a policy discards is administratively prohibited, in both versions', () => {
    const { datapath } = makeSender({}, refusing);
    const packet = udp();
    send(datapath, packet, udp(32, {}, inner6));
    const [ipv4, ipv6] = datapath.tun.written.map(({ bytes, tun }) => {
      assert.equal(tun, tokens.tun);
      assert.equal(checkIpHeader(bytes, 0, bytes.length, 0), HeaderCheck.valid);
      return bytes;
    });
    assert.ok(ipv4 !== undefined && ipv6 !== undefined);
    assert.deepEqual(
      [said(ipv4), said(ipv6)],
      [
        [3, 13],
        [1, 1],
      ],
    );
    assert.equal(toHex(ipv4.subarray(16, 20)), toHex(ip(inner4.source).subarray(0, 4)));
    assert.deepEqual(ipv4.slice(28), packet);
    assert.equal(internetChecksum(ipv4, 20, ipv4.length - 20), 0);
    const pseudoHeader = ipv6PseudoHeaderSum(ipv6, 0, 58, ipv6.length - 40);
    assert.equal(foldChecksum(checksumSum(ipv6, 40, ipv6.length - 40, pseudoHeader)), 0);
  });

  test('inner IPv6 without link2 is prohibited; what has no association to leave by cannot be reached', () => {
    const { datapath } = makeSender({}, { answersRefused: true, forwardsIpv6: false, ipv4: protect });
    send(datapath, udp(32, {}, inner6), udp());
    assert.deepEqual(datapath.allDrops(), { outIpv6Disabled: 1, outNoSa: 1 });
    assert.deepEqual(
      datapath.tun.written.map(({ bytes }) => said(bytes)),
      [
        [1, 1],
        [3, 1],
      ],
    );
  });

  test('an association at its end cannot be reached either', () => {
    const { datapath } = makeSender({ hardPackets: 1 }, { answersRefused: true });
    send(datapath, udp(), udp(32, {}, inner6));
    assert.deepEqual(datapath.allDrops(), { outExpired: 1 });
    assert.deepEqual(said(present(datapath.tun.written[0]).bytes), [1, 3]);
  });

  test('what is broken, or too big for an answer of its own, has no second one', () => {
    const { datapath } = makeSender({}, { answersRefused: true });
    send(datapath, Uint8Array.of(0x45, 0, 0), udp(1500));
    assert.deepEqual([datapath.allDrops(), datapath.tun.written], [{ outInnerHeader: 1, outTooBig: 1 }, []]);
  });

  test('no error answers an error, a group, a later fragment, or nobody', () => {
    const { datapath } = makeSender({}, refusing);
    const to = (destination: string, source = '10.1.0.1'): Uint8Array =>
      udp(8, {}, { source: parseIpAddress(source), destination: parseIpAddress(destination) });
    const later = udp();
    later[7] = 9;
    later[10] = 0;
    later[11] = 0;
    const sum = internetChecksum(later, 0, 20);
    later.set([sum >>> 8, sum & 0xff], 10);
    const error = makeIcmpPacket({ type: 3, code: 1, quote: udp() }, '10.1.0.1', '10.2.0.1');
    const error6 = makeIcmpPacket({ type: 1, code: 1, quote: udp() }, 'fd00:1::1', 'fd00:2::1');
    const packets = [error, error6, later, to('224.0.0.5'), to('10.2.0.1', '0.0.0.0'), to('ff02::1', 'fd00::1')];
    send(datapath, ...packets, to('fd00:2::1', '::'));
    assert.deepEqual([datapath.allDrops(), datapath.tun.written], [{ outPolicy: packets.length + 1 }, []]);
  });

  test('a flood gets ten answers, and then ten a second', () => {
    const { datapath } = makeSender({}, refusing);
    const flood = (now: number): number => {
      for (let count = 0; count < 50; count++) datapath.tun.toRead.push({ bytes: udp() });
      datapath.outbound.pump(tokens.tun, now);
      return datapath.tun.written.length;
    };
    assert.deepEqual([flood(1000), flood(1000), flood(1500)], [10, 10, 15]);
    assert.deepEqual(datapath.allDrops(), { outPolicy: 150 });
  });
});
