import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '#core/host/memory/clock.ts';
import { Link, type LinkEnd, type LinkOptions, type LinkPort } from '#core/host/memory/link.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { present } from '#test/fixtures/read-fixture.ts';

const anybody = parseIpAddress('10.0.0.9');

/** A link with ends that answer to the addresses given. */
function makeLink(
  options: LinkOptions,
  addresses: string[],
): { clock: VirtualClock; link: Link; ports: LinkPort[]; got: number[][] } {
  const clock = new VirtualClock(0);
  const link = new Link(clock, new SeededRandom(1), options);
  const got: number[][] = [];
  const ports = addresses.map((own, index) => {
    got.push([]);
    const end: LinkEnd = {
      hasAddress: (address) => address === own,
      receive: (packet) => void got[index]?.push(packet[0]!),
    };
    return link.attach(end);
  });
  return { clock, link, ports, got };
}

function sendMany(port: LinkPort, count: number): void {
  for (let index = 0; index < count; index++) port.send(Uint8Array.of(index & 255), anybody);
}

test('two ends hear each other, after the latency, and not themselves', () => {
  const { clock, ports, got } = makeLink({ latencyMs: 5 }, ['10.0.0.1', '10.0.0.2']);
  present(ports[0]).send(Uint8Array.of(7), anybody);
  clock.advance(4);
  assert.deepEqual(got, [[], []]);
  clock.advance(1);
  assert.deepEqual(got, [[], [7]]);
});

test('on a segment the end that has the next hop hears, and nobody where none has', () => {
  const { clock, ports, got } = makeLink({}, ['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  present(ports[0]).send(Uint8Array.of(1), parseIpAddress('10.0.0.3'));
  present(ports[0]).send(Uint8Array.of(2), anybody);
  clock.advance(1);
  assert.deepEqual(got, [[], [], [1]]);
});

test('a packet above the MTU is not carried', () => {
  const { clock, link, ports, got } = makeLink({ mtu: 100 }, ['10.0.0.1', '10.0.0.2']);
  present(ports[0]).send(new Uint8Array(100), anybody);
  present(ports[0]).send(new Uint8Array(101), anybody);
  clock.advance(1);
  assert.deepEqual([got[1]?.length, link.tally.tooLong, link.tally.sent], [1, 1, 1]);
});

test('loss, duplication and reordering happen at their rates, and the tally tells', () => {
  const options = { lossRate: 0.1, duplicationRate: 0.2, reorderRate: 0.3, reorderMs: 2 };
  const { clock, link, ports, got } = makeLink(options, ['10.0.0.1', '10.0.0.2']);
  sendMany(present(ports[0]), 5000);
  clock.advance(10);
  const { sent, lost, duplicated, reordered } = link.tally;
  assert.equal(got[1]?.length, sent - lost + duplicated);
  assert.ok(Math.abs(lost - 500) < 100 && Math.abs(duplicated - 900) < 150 && Math.abs(reordered - 1620) < 250);
  assert.notDeepEqual(
    got[1],
    got[1]?.toSorted((left, right) => left - right),
  );
});

test('without options packets arrive in order, all of them', () => {
  const { clock, ports, got } = makeLink({}, ['10.0.0.1', '10.0.0.2']);
  sendMany(present(ports[0]), 200);
  clock.advance(1);
  assert.deepEqual(
    got[1],
    Array.from({ length: 200 }, (_, index) => index),
  );
});

test('a tap hears what is sent, also what gets lost', () => {
  const { link, ports } = makeLink({ lossRate: 1 }, ['10.0.0.1', '10.0.0.2']);
  let heard = 0;
  link.tap(() => heard++);
  sendMany(present(ports[0]), 3);
  assert.equal(heard, 3);
});
