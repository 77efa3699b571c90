import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErrorReply, quotePacket } from '#core/datapath/error-reply.ts';
import { IpHeader } from '#core/datapath/ip-header.ts';
import { TunWriteRow, type TunPort } from '#core/datapath/ports.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { inner6 } from '#test/support/test-datapath.ts';
import { udp } from '#test/support/test-sender.ts';

/** A device that keeps what is written: to whom, and the bytes. */
function collectingTun(): { readonly tun: TunPort; readonly written: [number, Uint8Array][] } {
  const written: [number, Uint8Array][] = [];
  const write: TunPort['write'] = (rows, count, bytes) => {
    assert.equal(count, 1);
    const offset = rows[TunWriteRow.offset]!;
    written.push([rows[TunWriteRow.tun]!, bytes.slice(offset, offset + rows[TunWriteRow.length]!)]);
    return 1;
  };
  return { tun: { write } as TunPort, written };
}

function readHeader(packet: Uint8Array): IpHeader {
  const header = new IpHeader();
  header.read(packet, 0, packet.length, 0);
  return header;
}

test('a quoted packet is told where it lies, and its answer comes from where it went', () => {
  const packet = udp(100);
  const quoted = quotePacket(readHeader(packet), packet, 0);
  assert.equal(quoted.length, packet.length);
  assert.deepEqual(quoted.source, packet.subarray(16, 20));
});

test('so many are admitted at once, and again after a while', () => {
  const reply = new ErrorReply(collectingTun().tun, 2, 1);
  const packet = udp(100);
  const admitted = [0, 0, 0, 1000].map((now) => reply.admits(readHeader(packet), packet, 0, now));
  assert.deepEqual(admitted, [true, true, false, true]);
});

test('an IPv6 error behind extension headers is not answered, a query there is (RFC 4443 §2.4 e)', () => {
  const admits = (chain: readonly number[], type: number): boolean => {
    const payload = Uint8Array.of(...chain, type, 0, 0, 0, 0, 0, 0, 0);
    const packet = buildIpPacket({ ...inner6, protocol: chain.length === 0 ? 58 : 60 }, payload);
    return new ErrorReply(collectingTun().tun, 1, 1).admits(readHeader(packet), packet, 0, 0);
  };
  const options = [58, 0, 1, 4, 0, 0, 0, 0];
  const twice = [60, 0, 1, 4, 0, 0, 0, 0, ...options];
  for (const chain of [[], options, twice]) {
    for (const type of [1, 2, 3, 4, 137]) assert.equal(admits(chain, type), false, `type ${type} behind ${chain}`);
    assert.equal(admits(chain, 128), true, `an echo request behind ${chain}`);
  }
  assert.equal(admits([58, 200, 1, 4, 0, 0, 0, 0], 128), false, 'a chain that ends outside the packet');
  // Of a later fragment the first bytes are no type.
  const laterFragment = [44, 0, 1, 4, 0, 0, 0, 0, 58, 0, 0, 8, 0, 0, 0, 7];
  assert.equal(admits(laterFragment, 1), true);
});

test('what is sent goes back to the device, as long as it was written', () => {
  const { tun, written } = collectingTun();
  const reply = new ErrorReply(tun, 1, 1);
  reply.packet.set([1, 2, 3, 4]);
  reply.send(7, 3);
  assert.deepEqual(written, [[7, new Uint8Array([1, 2, 3])]]);
});
