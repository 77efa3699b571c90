import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import type { ReceivedDatagram } from '#core/host/memory/udp-service.ts';
import { present } from '#test/fixtures/read-fixture.ts';

function makeNat() {
  const network = buildTwoGateways({ isBehindNat: true });
  const { a, b, clock } = network;
  const nat = present(network.nat);
  const atA: ReceivedDatagram[] = [];
  const atB: ReceivedDatagram[] = [];
  a.router.udp.bind(null, 4500, (datagram) => void atA.push(datagram));
  b.router.udp.bind(null, 4500, (datagram) => void atB.push(datagram));
  const outward = (sourcePort = 4500, hasNoChecksum = false): void => {
    const pair = { source: a.wireAddress[4], destination: b.wireAddress[4] };
    a.router.udp.send({ ...pair, sourcePort, destinationPort: 4500, payload: Uint8Array.of(1), hasNoChecksum });
    clock.advance(5);
  };
  const inward = (destinationPort: number): void => {
    const pair = { source: b.wireAddress[4], destination: a.publicAddress[4] };
    b.router.udp.send({ ...pair, sourcePort: 4500, destinationPort, payload: Uint8Array.of(2) });
    clock.advance(5);
  };
  return { network, nat, atA, atB, outward, inward };
}

test('what goes out comes from the public address and a port of the box, and answers find back', () => {
  const { network, atA, atB, outward, inward } = makeNat();
  outward();
  const { source, sourcePort } = present(atB[0]);
  assert.deepEqual([source, sourcePort], [network.a.publicAddress[4], 40000]);
  inward(sourcePort);
  assert.deepEqual([...present(atA[0]).payload], [2]);
});

test('one inside port keeps its public port; another gets another', () => {
  const { atB, outward } = makeNat();
  outward();
  outward(4501);
  outward();
  assert.deepEqual(
    atB.map(({ sourcePort }) => sourcePort),
    [40000, 40001, 40000],
  );
});

test('a checksum of zero stays zero, any other is made to fit (RFC 3948 §2.1)', () => {
  const { atB, outward } = makeNat();
  outward(4500, true);
  outward(4500, false);
  assert.equal(atB.length, 2);
});

test('nothing comes in unasked, unless a port was opened', () => {
  const { nat, network, atA, inward } = makeNat();
  inward(4500);
  assert.deepEqual([atA.length, nat.tally.refused], [0, 1]);
  nat.forward(4500, network.a.wireAddress[4], 4500);
  inward(4500);
  assert.equal(atA.length, 1);
});

test('forgotten mappings are made anew with another port', () => {
  const { nat, atB, outward } = makeNat();
  outward();
  nat.rebind();
  outward();
  assert.deepEqual(
    atB.map(({ sourcePort }) => sourcePort),
    [40000, 40001],
  );
});

test('only UDP passes: plain ESP does not, and neither does a ping', () => {
  const { nat, network } = makeNat();
  assert.equal(network.a.router.ping(network.b.wireAddress[4]).received, 0);
  assert.equal(nat.tally.refused, 1);
});
