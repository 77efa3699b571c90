import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { VirtualClock } from '#core/host/memory/clock.ts';
import { Host } from '#core/host/memory/host.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { Link, type LinkOptions } from '#core/host/memory/link.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';

const x4 = parseIpAddress('10.1.0.2');
const y4 = parseIpAddress('10.2.0.2');
const y6 = parseIpAddress('fd00:2::2');

/** X - router - Y; the far link may be special. */
function makeChain(far: LinkOptions = {}): { clock: VirtualClock; x: Host; router: Host; y: Host } {
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const near = new Link(clock, random, { latencyMs: 1 });
  const farLink = new Link(clock, random, { latencyMs: 2, ...far });
  const x = new Host('x', clock);
  const router = new Host('router', clock, true);
  const y = new Host('y', clock);
  x.connect('eth0', near);
  router.connect('eth0', near);
  router.connect('eth1', farLink);
  y.connect('eth0', farLink);
  const add = (host: Host, name: string, address: string, prefixLength: number): void =>
    host.addAddress(name, { address: parseIpAddress(address), prefixLength, peer: null });
  for (const [host, name, subnet, last] of [
    [x, 'eth0', 1, 2],
    [router, 'eth0', 1, 1],
    [router, 'eth1', 2, 1],
    [y, 'eth0', 2, 2],
  ] as const) {
    add(host, name, `10.${subnet}.0.${last}`, 24);
    add(host, name, `fd00:${subnet}::${last}`, 64);
  }
  for (const [host, subnet] of [
    [x, 1],
    [y, 2],
  ] as const) {
    host.addRoute(parsePrefix('0.0.0.0/0'), parseIpAddress(`10.${subnet}.0.1`));
    host.addRoute(parsePrefix('::/0'), parseIpAddress(`fd00:${subnet}::1`));
  }
  return { clock, x, router, y };
}

describe('forwarding', () => {
  test('hosts behind a router reach each other over both versions, in the time that the links take', () => {
    const { x } = makeChain();
    for (const far of [y4, y6]) assert.deepEqual(x.ping(far, { count: 2 }), { sent: 2, received: 2, rttMs: [6, 6] });
  });

  test('a router takes one from the TTL and drops at the end', () => {
    const { clock, x, router, y } = makeChain();
    const lives: number[] = [];
    y.onProtocol(253, (packet) => void lives.push(packet[8]!));
    for (const timeToLive of [1, 2]) {
      x.send(buildIpPacket({ source: x4, destination: y4, protocol: 253, timeToLive }, new Uint8Array(4)));
    }
    clock.advance(10);
    assert.deepEqual([lives, router.drops.timeToLive], [[1], 1]);
  });

  test('a host that does not forward drops what is not for it', () => {
    const { clock, x, router } = makeChain();
    router.isForwarding = false;
    assert.equal(x.ping(y4).received, 0);
    clock.advance(1);
    assert.equal(router.drops.notForUs, 1);
  });

  test('an interface that is down takes and gives nothing', () => {
    const { x, router } = makeChain();
    router.interfaceOf('eth1').isUp = false;
    assert.equal(x.ping(y4).received, 0);
    assert.equal(router.drops.noRoute, 1);
  });

  test('IPv4 without DF is cut for a smaller link and put together at its end', () => {
    const { x, router } = makeChain({ mtu: 600 });
    let pieces = 0;
    router.tap((direction, name) => void (direction === 'out' && name === 'eth1' && pieces++));
    assert.equal(x.ping(y4, { payloadBytes: 1400 }).received, 1);
    assert.equal(pieces, 3);
  });

  test('IPv4 with DF and IPv6 are answered with "too big"', () => {
    const { x, router } = makeChain({ mtu: 1280 });
    const heard: number[] = [];
    x.onProtocol(1, (packet, upper) => void heard.push((packet[upper]! << 8) | packet[upper + 1]!));
    x.onProtocol(58, (packet, upper) => void heard.push(packet[upper]!));
    assert.equal(x.ping(y4, { payloadBytes: 1400, hasDontFragment: true }).received, 0);
    assert.equal(x.ping(y6, { payloadBytes: 1400 }).received, 0);
    assert.deepEqual([heard, router.drops.tooBig], [[0x0304, 2], 2]);
  });

  test('a damaged header is dropped and counted', () => {
    const { x } = makeChain();
    x.receive('eth0', new Uint8Array(30));
    assert.equal(x.drops.header, 1);
  });
});

describe('addresses and routes', () => {
  test('a point-to-point address routes to its peer', () => {
    const { router } = makeChain();
    const sent: string[] = [];
    router.addInterface({
      name: 'p2p',
      mtu: 1500,
      isUp: true,
      addresses: [],
      send: (_, nextHop) => void sent.push(nextHop),
    });
    const own = parseIpAddress('172.16.0.1');
    const peer = parseIpAddress('172.16.9.9');
    router.addAddress('p2p', { address: own, prefixLength: 32, peer });
    router.send(buildIpPacket({ source: own, destination: peer, protocol: 253 }, new Uint8Array(1)));
    router.addRoute(parsePrefix('192.168.7.0/24'), own);
    router.send(
      buildIpPacket({ source: own, destination: parseIpAddress('192.168.7.7'), protocol: 253 }, new Uint8Array(1)),
    );
    assert.deepEqual(sent, ['172.16.9.9', '192.168.7.7']);
    router.removeInterface('p2p');
    assert.equal(router.sourceFor(parseIpAddress('192.168.7.7')), null);
    assert.ok(!router.hasAddress(own));
  });

  test('a route to a gateway that cannot be reached is refused', () => {
    const { x } = makeChain();
    const lonely = new Host('lonely', x.clock);
    assert.throws(() => lonely.addRoute(parsePrefix('0.0.0.0/0'), parseIpAddress('10.0.0.1')));
  });

  test('a host reaches itself', () => {
    const { x } = makeChain();
    assert.equal(x.ping(x4).received, 1);
  });
});
