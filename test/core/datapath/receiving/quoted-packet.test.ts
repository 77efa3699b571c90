import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { makeIcmpPacket } from '#test/support/packet/icmp-maker.ts';
import { inner6, ip, tokens } from '#test/support/test-datapath.ts';
import { innerUdp, Receiver } from '#test/support/test-receiver.ts';

/** The peer has 10.1.0.0/16 and fd00:1::/32, we have 10.2.0.0/16 and fd00:2::/32. */
const selectors = [
  { family: 4, source: ip('10.1.0.0'), sourceLength: 16, destination: ip('10.2.0.0'), destinationLength: 16 },
  { family: 6, source: ip('fd00:1::'), sourceLength: 32, destination: ip('fd00:2::'), destinationLength: 32 },
] as const;

/** A packet from us, of which the error speaks. */
function packet(source: string, destination: string): Uint8Array {
  const pair = { source: parseIpAddress(source), destination: parseIpAddress(destination) };
  return buildIpPacket({ ...pair, protocol: 17 }, new Uint8Array(32));
}

function unreachable(from: string, to: string, quote: Uint8Array): Uint8Array {
  return makeIcmpPacket({ type: from.includes(':') ? 1 : 3, code: 1, quote }, from, to);
}

function receive(inner: Uint8Array, association: object = { selectors }): { drops: object; delivered: number } {
  const receiver = new Receiver(association);
  receiver.receive(tokens.esp4, { bytes: receiver.seal({ inner }) });
  return { drops: receiver.datapath.allDrops(), delivered: receiver.datapath.tun.written.length };
}

const taken = { drops: {}, delivered: 1 };
const refused = { drops: { icmpQuote: 1 }, delivered: 0 };

describe('ICMP errors through an association with selectors (RFC 4301 §6.2)', () => {
  test('an error about a packet that the association carries is delivered, whichever router sent it', () => {
    const quote = packet('10.2.0.1', '10.1.0.1');
    for (const from of ['10.1.0.254', '192.168.77.1']) {
      assert.deepEqual(receive(unreachable(from, '10.2.0.1', quote.slice(0, 28))), taken, from);
    }
    const quote6 = packet('fd00:2::1', 'fd00:1::1');
    assert.deepEqual(receive(unreachable('fd99::1', 'fd00:2::1', quote6)), taken);
  });

  test('an error about anything else is dropped under a reason of its own, though its own addresses fit', () => {
    const from = '10.1.0.254';
    assert.deepEqual(receive(unreachable(from, '10.2.0.1', packet('10.2.0.1', '172.16.0.1'))), refused);
    assert.deepEqual(receive(unreachable(from, '10.2.0.1', packet('172.16.0.1', '10.1.0.1'))), refused);
    // The other way round it is no packet of ours.
    assert.deepEqual(receive(unreachable(from, '10.2.0.1', packet('10.1.0.1', '10.2.0.1'))), refused);
    assert.deepEqual(receive(unreachable('fd00:1::1', 'fd00:2::1', packet('fd00:2::1', 'fd77::1'))), refused);
  });

  test('it must go to the sender of what it quotes', () => {
    const quote = packet('10.2.0.1', '10.1.0.1');
    assert.deepEqual(receive(unreachable('10.1.0.254', '10.2.0.2', quote)), refused);
  });

  test('a quote that cannot be read fits nothing', () => {
    const quote = packet('10.2.0.1', '10.1.0.1');
    for (const cut of [0, 1, 19]) {
      assert.deepEqual(receive(unreachable('10.1.0.254', '10.2.0.1', quote.slice(0, cut))), refused, `${cut} bytes`);
    }
    const other = packet('fd00:2::1', 'fd00:1::1');
    assert.deepEqual(receive(unreachable('10.1.0.254', '10.2.0.1', other)), refused);
  });

  test('redirects and source quench quote, too', () => {
    const quote = packet('10.2.0.1', '172.16.0.1');
    for (const type of [4, 5, 12]) {
      assert.deepEqual(receive(makeIcmpPacket({ type, quote }, '10.1.0.1', '10.2.0.1')), refused, String(type));
    }
  });

  test('an echo, and a packet that is no ICMP, is held against its own addresses', () => {
    const echo = makeIcmpPacket({ type: 8, quote: packet('10.2.0.1', '172.16.0.1') }, '10.1.0.1', '10.2.0.1');
    assert.deepEqual(receive(echo), taken);
    const strange = makeIcmpPacket({ type: 0, quote: new Uint8Array(4) }, '10.9.0.1', '10.2.0.1');
    assert.deepEqual(receive(strange), { drops: { policy: 1 }, delivered: 0 });
    assert.deepEqual(receive(innerUdp(0, inner6)), taken);
  });

  test('without selectors the association carries anything, and errors about anything', () => {
    const error = unreachable('10.9.0.1', '10.2.0.1', packet('10.2.0.1', '172.16.0.1'));
    assert.deepEqual(receive(error, {}), taken);
  });
});
