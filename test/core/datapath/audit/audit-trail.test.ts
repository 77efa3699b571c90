/**
 * What the loops tell of dropped packets (RFC 4303 §3.3.3, §3.4).
 * @module
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dropReasonName } from '#core/datapath/drop-reason.ts';
import { inner6, makeSnapshot, outer4, outer6, tokens, type TestDatapath } from '#test/support/test-datapath.ts';
import { fragmentIpv4 } from '#core/host/memory/fragments.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { Receiver } from '#test/support/test-receiver.ts';
import { makeSender, send, udp } from '#test/support/test-sender.ts';

function auditing(changes: ConstructorParameters<typeof Receiver>[0] = {}): Receiver {
  const receiver = new Receiver(changes);
  receiver.datapath.apply(makeSnapshot({ version: 2, inbound: [receiver.association], auditsDrops: true }));
  return receiver;
}

/** The audit trail, reasons by name; other events are left out. */
function trail({ events }: TestDatapath): unknown[] {
  return events.flatMap((event) => {
    if (event.kind !== 'audit') return [];
    const { reason, ...rest } = event.drop;
    return [{ reason: dropReasonName(reason), ...rest }];
  });
}

const from4 = { family: 4, source: outer4.peer, destination: outer4.local, flowLabel: null, packets: 1 };

describe('inbound', () => {
  test('no association: SPI and number as they were on the wire (RFC 4303 §3.4.2)', () => {
    const receiver = auditing();
    receiver.receive(tokens.esp4, { bytes: receiver.seal({ spi: 0xdeadbeef, sequence: 77 }) });
    assert.deepEqual(trail(receiver.datapath), [
      { reason: 'noSa', interfaceSlot: 0, ...from4, spi: 0xdeadbeef, sequence: 77 },
    ]);
  });

  test('a replay, also one within a batch, and a forgery (RFC 4303 §3.4.3, §3.4.4)', () => {
    const receiver = auditing();
    const packet = receiver.seal({ sequence: 5 });
    const forged = receiver.seal({ sequence: 6 });
    forged[20]! ^= 1;
    receiver.receive(tokens.esp4, { bytes: packet }, { bytes: packet }, { bytes: forged });
    const { spi } = receiver.association;
    assert.deepEqual(trail(receiver.datapath), [
      { reason: 'replayDup', interfaceSlot: 1, ...from4, spi, sequence: 5 },
      { reason: 'authFail', interfaceSlot: 1, ...from4, spi, sequence: 6 },
    ]);
  });

  test('with ESN the whole number, of a packet in UDP the real sender, over IPv6 the flow label', () => {
    const receiver = auditing({
      ...{
        hasEsn: true,
        acceptsEncapsulated: true,
        initialSequence: 0x1_0000_0010,
        family: 6,
        source: outer6.peer,
        destination: outer6.local,
      },
    });
    const bytes = receiver.seal({ sequence: 0x20 });
    receiver.receive(tokens.udp6, { bytes, sender: outer6.local, port: 4500, flowLabel: 0x12345 });
    assert.deepEqual(trail(receiver.datapath), [
      {
        ...{ reason: 'authFail', interfaceSlot: 0, family: 6, source: outer6.local, destination: outer6.local },
        ...{ spi: receiver.association.spi, sequence: 0x1_0000_0020, flowLabel: 0x12345, packets: 1 },
      },
    ]);
  });

  test('a fragment: the first shows SPI and number, a later one shows neither (RFC 4303 §3.4.1)', () => {
    const addresses = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('192.0.2.2') };
    const packet = buildIpPacket({ ...addresses, protocol: 50 }, new Uint8Array(100).fill(1));
    const seen = fragmentIpv4(packet, 60).map((bytes) => {
      const receiver = auditing();
      receiver.receive(tokens.esp4, { bytes, tos: -1 });
      return trail(receiver.datapath);
    });
    const shown = { reason: 'fragment', interfaceSlot: 0, ...from4 };
    assert.deepEqual(seen[0], [{ ...shown, spi: 0x01010101, sequence: 0x01010101 }]);
    assert.deepEqual(seen[1], [{ ...shown, spi: null, sequence: null }]);
  });

  test('a flood is one event a second, and the next says how many there were', () => {
    const receiver = auditing();
    const bytes = receiver.seal({ spi: 0x999 });
    receiver.receive(tokens.esp4, ...Array.from({ length: 50 }, () => ({ bytes })));
    receiver.datapath.wire.toReceive.push({ bytes, tos: 0, sender: outer4.peer });
    receiver.datapath.inbound.pump(tokens.esp4, 3000);
    assert.deepEqual(
      receiver.datapath.events.map((event) => (event.kind === 'audit' ? event.drop.packets : event)),
      [1, 50],
    );
    assert.deepEqual(receiver.datapath.allDrops(), { noSa: 51 });
  });

  test('where it is switched off nothing is told and all is counted (RFC 4303 §4)', () => {
    const receiver = new Receiver();
    receiver.receive(tokens.esp4, { bytes: receiver.seal({ spi: 0x999 }) });
    assert.deepEqual(receiver.datapath.events, []);
    assert.deepEqual(receiver.datapath.allDrops(), { noSa: 1 });
  });
});

test('outbound, used-up numbers are told with the flow label of the clear text (RFC 4303 §3.3.3)', () => {
  const { datapath, association, entry } = makeSender({ initialSequence: 0xffffffff });
  datapath.apply(makeSnapshot({ version: 2, interfaces: [entry], outbound: [association], auditsDrops: true }));
  const clear = udp(32, {}, inner6);
  clear.set([0x60, 0x0a, 0xbc, 0xde]);
  send(datapath, clear, udp());
  assert.deepEqual(trail(datapath), [
    {
      ...{ reason: 'outSeqOverflow', interfaceSlot: 1, family: 4, source: outer4.local, destination: outer4.peer },
      ...{ spi: association.spi, sequence: 0xffffffff, flowLabel: 0xabcde, packets: 1 },
    },
  ]);
});
