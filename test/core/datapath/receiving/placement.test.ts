import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileInbound } from '#core/datapath/inbound-table.ts';
import { InboundState, StateTable } from '#core/datapath/association-state.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
import { Placement } from '#core/datapath/receiving/placement.ts';
import type { SnapshotSocket } from '#core/datapath/snapshot.ts';
import { makeAssociation, makeInterface, makeSnapshot, outer4, tokens } from '#test/support/test-datapath.ts';

const udp = { sourcePort: 4501, destinationPort: 4500 };
const udpSocket: SnapshotSocket = {
  token: tokens.udp4,
  kind: 'udp',
  family: 4,
  localAddress: outer4.local,
  localPort: 4500,
};
const espSocket: SnapshotSocket = { ...udpSocket, token: tokens.esp4, kind: 'esp', localPort: 0 };

/** Two interfaces of one pair, and messages from both ports of the peer in turn. */
function makePlacement() {
  const interfaces = [4501, 4502].map((peerPort, index) =>
    makeInterface({ slot: index + 1, tun: index + 1, outer: { ...outer4, localPort: 4500, peerPort } }),
  );
  const received = makeAssociation({ source: outer4.peer, destination: outer4.local, udp });
  const states = new StateTable((association) => new InboundState(association));
  const table = compileInbound(makeSnapshot({ interfaces, inbound: [received] }), states);
  const senders = new Uint8Array(4 * AddressEntry.stride);
  for (const [message, port] of [4501, 4502, 9, 4501].entries()) {
    senders.set(outer4.peer, message * AddressEntry.stride);
    senders.set([port >> 8, port & 255, 4], message * AddressEntry.stride + AddressEntry.port);
  }
  const association = table.bySpi.get(received.spi);
  assert.ok(association !== null);
  const placement = new Placement(senders);
  const slots = (messages: readonly number[]) =>
    messages.map((message) => placement.find(association, message)?.row.slot ?? null);
  const row = makeInterface({ slot: 2, tun: 2 });
  return { placement, slots, senders, catchAll: { row, outer: outer4 } };
}

test('each message is looked up for itself, however often it is asked for', () => {
  const { placement, slots } = makePlacement();
  placement.begin(udpSocket, null);
  assert.deepEqual(slots([0, 0, 1, 1, 0, 2, 2, 3]), [1, 1, null, null, 1, null, null, 1]);
});

test('what was found in one batch is forgotten in the next', () => {
  const { placement, slots, senders } = makePlacement();
  placement.begin(udpSocket, null);
  assert.deepEqual(slots([0]), [1]);
  senders.set([4502 >> 8, 4502 & 255], AddressEntry.port);
  placement.begin(udpSocket, null);
  assert.deepEqual(slots([0]), [null]);
});

test('plain ESP of an association in UDP counts as if it had come by its ports (RFC 7296 §2.23)', () => {
  const { placement, slots } = makePlacement();
  placement.begin(espSocket, null);
  assert.deepEqual(slots([0, 1, 2]), [1, 1, 1]);
});

test('what fits no interface goes where everything is taken, if there is such a place', () => {
  const { placement, slots, catchAll } = makePlacement();
  placement.begin(udpSocket, catchAll);
  assert.deepEqual(slots([2, 0]), [2, 1]);
});
