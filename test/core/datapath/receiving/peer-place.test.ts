import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { windowMemory } from '#core/datapath/sharing/shared-window.ts';
import type { SnapshotInterface } from '#core/datapath/snapshot.ts';
import { ip, makeAssociation, makeInterface, outer4, tokens } from '#test/support/test-datapath.ts';
import { Receiver } from '#test/support/test-receiver.ts';

const udp = { sourcePort: 4500, destinationPort: 4500 } as const;
const home = { sender: outer4.peer, port: 4500 } as const;
const away = { sender: ip('198.51.100.7'), port: 30_000 } as const;

function makeFollower(entry: Partial<SnapshotInterface> = {}, association = {}): Receiver {
  return new Receiver({ udp, ...association }, [makeInterface({ followsPeer: true, ...entry })]);
}

function moves(receiver: Receiver): (readonly [Uint8Array, number])[] {
  return receiver.datapath.events.flatMap((event) =>
    event.kind === 'peer-moved' ? [[event.peer.address, event.peer.port] as const] : [],
  );
}

describe('following a peer (RFC 7296 §2.23)', () => {
  test('an authentic, newer packet from elsewhere is delivered and moves the peer, once', () => {
    const receiver = makeFollower();
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), ...home });
    for (let count = 0; count < 3; count++) receiver.receive(tokens.udp4, { bytes: receiver.seal(), ...away });
    assert.equal(receiver.datapath.tun.written.length, 4);
    assert.deepEqual(moves(receiver), [[away.sender, away.port]]);
    const [event] = receiver.datapath.events;
    assert.deepEqual(event?.kind === 'peer-moved' && [event.interfaceSlot, event.association], [1, 1]);
  });

  test('another port alone is a move, too', () => {
    const receiver = makeFollower();
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), sender: outer4.peer, port: 4501 });
    assert.deepEqual(moves(receiver), [[outer4.peer, 4501]]);
  });

  test('an older packet is delivered and moves nothing; a replayed or forged one does neither', () => {
    const receiver = makeFollower();
    const older = receiver.seal();
    const newer = receiver.seal();
    const forged = receiver.seal();
    forged[forged.length - 1]! ^= 1;
    receiver.receive(tokens.udp4, { bytes: newer.slice(), ...home });
    for (const bytes of [older, newer, forged]) receiver.receive(tokens.udp4, { bytes: bytes.slice(), ...away });
    assert.equal(receiver.datapath.tun.written.length, 2);
    assert.deepEqual(receiver.datapath.allDrops(), { replayDup: 1, authFail: 1 });
    assert.deepEqual(moves(receiver), []);
  });

  test('without replay protection nobody is followed', () => {
    const receiver = makeFollower({}, { replayWindow: 0 });
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), ...away });
    assert.deepEqual(moves(receiver), []);
  });

  test('where it is not allowed, a packet from elsewhere fits no interface', () => {
    const receiver = makeFollower({ followsPeer: false });
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), ...away });
    assert.deepEqual(receiver.datapath.allDrops(), { outerMismatch: 1 });
    assert.deepEqual(moves(receiver), []);
  });

  test('a plain ESP packet moves nobody', () => {
    const receiver = makeFollower();
    receiver.receive(tokens.esp4, { bytes: receiver.seal(), sender: away.sender });
    assert.deepEqual(receiver.datapath.allDrops(), { outerMismatch: 1 });
    assert.deepEqual(moves(receiver), []);
  });

  test('a peer that hops with every packet is told at most once a second', () => {
    const receiver = makeFollower();
    for (let count = 0; count < 10; count++) {
      receiver.receive(tokens.udp4, { bytes: receiver.seal(), ...away, port: 30_000 + count });
    }
    assert.equal(moves(receiver).length, 1);
    assert.equal(receiver.datapath.tun.written.length, 10);
  });

  test('of several interfaces with one outer pair the one with the association’s ports is entered', () => {
    const other = makeInterface({
      slot: 2,
      tun: 2,
      followsPeer: true,
      outer: { ...outer4, localPort: 4500, peerPort: 4600 },
    });
    const own = makeInterface({ followsPeer: true, outer: { ...outer4, localPort: 4500, peerPort: 4500 } });
    const receiver = new Receiver({ udp }, [other, own]);
    receiver.receive(tokens.udp4, { bytes: receiver.seal(), ...away });
    assert.deepEqual(
      receiver.datapath.tun.written.map(({ tun }) => tun),
      [tokens.tun],
    );
  });

  test('a peer that goes to and fro between the sockets of two workers is followed each time', () => {
    const sharedWindow = windowMemory(makeAssociation({ replayWindow: 64 }));
    const [here, there] = [makeFollower({}, { sharedWindow }), makeFollower({}, { sharedWindow })];
    const turns = [
      [here, home, []],
      [there, away, [away]],
      [here, home, [home]],
      [there, away, [away, away]],
      [there, away, [away, away]],
    ] as const;
    for (const [index, [receiver, from, wanted]] of turns.entries()) {
      receiver.datapath.wire.toReceive.push({ tos: 0, bytes: receiver.seal({ sequence: index + 1 }), ...from });
      receiver.datapath.inbound.pump(tokens.udp4, 2000 * (index + 1));
      assert.deepEqual(
        moves(receiver),
        wanted.map(({ sender, port }) => [sender, port]),
        `turn ${index}`,
      );
    }
  });
});
