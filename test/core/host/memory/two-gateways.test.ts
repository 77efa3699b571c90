import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { buildTwoGateways, type TwoGateways, type TwoGatewaysOptions } from '#core/host/memory/two-gateways.ts';
import { silentLog } from '#core/base/port.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { establishTunnel, type TunnelPlan } from '#test/support/establish-tunnel.ts';

/** IP protocols seen on the wire, with how often. */
function captureWire(network: TwoGateways): Map<number, number> {
  const seen = new Map<number, number>();
  network.wire.tap((packet) => {
    const protocol = packet[0]! >>> 4 === 4 ? packet[9]! : packet[6]!;
    seen.set(protocol, (seen.get(protocol) ?? 0) + 1);
  });
  return seen;
}

function pingBothWays(network: TwoGateways, count = 3): number {
  const { a, b } = network;
  let received = 0;
  for (const family of [4, 6] as const) {
    received += a.host.ping(parseIpAddress(b.addresses.host[family]), { count }).received;
    received += b.host.ping(parseIpAddress(a.addresses.host[family]), { count }).received;
  }
  return received;
}

describe('the picture of ipsecif(4)', () => {
  const plans: [string, TunnelPlan, TwoGatewaysOptions, number][] = [
    ['over IPv4', { outer: 4 }, {}, IpProtocol.esp],
    ['over IPv6', { outer: 6 }, {}, IpProtocol.esp],
    ['over IPv4 with NAT-T', { outer: 4, isNatT: true }, {}, IpProtocol.udp],
    ['over IPv6 with NAT-T', { outer: 6, isNatT: true }, {}, IpProtocol.udp],
    ['over IPv4 behind a NAT', { outer: 4, isNatT: true, portOfA: 40000 }, { isBehindNat: true }, IpProtocol.udp],
    [
      'with AES-CBC and HMAC-SHA2-256',
      { outer: 4, suite: `-E aes-cbc 0x${'11'.repeat(16)} -A hmac-sha256 0x${'22'.repeat(32)}` },
      {},
      IpProtocol.esp,
    ],
  ];
  for (const [how, plan, options, protocol] of plans) {
    test(`carries pings of both inner versions ${how}, and nothing in the clear`, async () => {
      const network = buildTwoGateways(options);
      await establishTunnel(network, plan);
      const seen = captureWire(network);
      assert.equal(pingBothWays(network), 12);
      assert.deepEqual([...seen], [[protocol, 24]]);
      const [entry] = network.a.gateway.status().interfaces;
      assert.deepEqual(entry?.drops, []);
      assert.equal(entry?.counters.inputPackets, 12);
    });
  }

  test('without a tunnel the hosts do not reach each other', () => {
    const network = buildTwoGateways();
    assert.equal(pingBothWays(network, 1), 0);
  });

  test('a destroyed tunnel carries nothing, and its addresses are gone', async () => {
    const network = buildTwoGateways();
    await establishTunnel(network, { outer: 4 });
    await network.a.gateway.destroyInterface('ipsec0');
    const seen = captureWire(network);
    assert.equal(pingBothWays(network, 1), 0);
    assert.ok(!seen.has(IpProtocol.icmp));
    assert.ok(!network.a.router.hasInterface('ipsec0'));
    assert.ok(!network.a.router.hasAddress(parseIpAddress(network.a.addresses.inner[4])));
  });

  test('a duplicating, reordering link costs no ping, and every copy is recognised', async () => {
    const network = buildTwoGateways({ wire: { duplicationRate: 1, reorderRate: 0.5, latencyMs: 1 } });
    await establishTunnel(network, { outer: 4 });
    assert.equal(pingBothWays(network, 10), 40);
    network.clock.advance(100);
    const drops = network.b.gateway.status().interfaces[0]?.drops;
    assert.deepEqual(drops, [{ reason: 'replayDup', packets: 40 }]);
  });

  test('a lossy link loses what it loses: counters and answers agree, run for run', async () => {
    const run = async (): Promise<number[]> => {
      const network = buildTwoGateways({ seed: 7, wire: { lossRate: 0.2 } });
      await establishTunnel(network, { outer: 4 });
      const received = pingBothWays(network, 50);
      const { sent, lost } = network.wire.tally;
      const arrived = [network.a, network.b].map(
        ({ gateway }) => gateway.status().interfaces[0]?.counters.inputPackets,
      );
      assert.equal((arrived[0] ?? 0) + (arrived[1] ?? 0), sent - lost);
      return [received, sent, lost];
    };
    const first = await run();
    assert.ok((first[2] ?? 0) > 20);
    assert.deepEqual(await run(), first);
  });

  test('a NAT that forgets its mapping cuts the tunnel off until the ports fit again', async () => {
    const network = buildTwoGateways({ isBehindNat: true });
    await establishTunnel(network, { outer: 4, isNatT: true, portOfA: 40000 });
    assert.equal(pingBothWays(network, 1), 4);
    network.nat?.rebind();
    assert.equal(network.a.host.ping(parseIpAddress(network.b.addresses.host[4])).received, 0);
    assert.deepEqual(network.b.gateway.status().drops, []);
    assert.deepEqual(network.b.gateway.status().interfaces[0]?.drops, [{ reason: 'outerMismatch', packets: 1 }]);
  });

  test('a tunnel in a tunnel works, a third one inside does not and says so (NetBSD t_ipsec, recursive)', async () => {
    const lines: string[] = [];
    const log = { ...silentLog, info: (message: string) => void lines.push(message) };
    const network = buildTwoGateways({ log });
    await establishTunnel(network, { outer: 4 });
    const key = `0x${'6b'.repeat(36)}`;
    for (const [own, far] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const { gateway } = own === 1 ? network.a : network.b;
      const inner = (unit: number, side: number): IpAddress => parseIpAddress(`172.16.${unit}0${side}.1`);
      const pairs = [
        [1, parseIpAddress(`172.16.${own}00.1`), parseIpAddress(`172.16.${far}00.1`)],
        [2, inner(1, own), inner(1, far)],
      ] as const;
      for (const [unit, local, peer] of pairs) {
        await gateway.createInterface(`ipsec${unit}`);
        await gateway.setTunnel(`ipsec${unit}`, { local, peer, localPort: 0, peerPort: 0 });
        await gateway.addAddress(`ipsec${unit}`, {
          address: inner(unit, own),
          prefixLength: 32,
          peer: inner(unit, far),
        });
        const dump = await gateway.dumpSetkey('policies', false);
        const idOf = (from: IpAddress, direction: string): string =>
          new RegExp(`^${from}\\S* \\S+ 4\\(ipv4\\)\\s+${direction} ipsec\\s+esp/transport//unique#(\\d+)`, 'm').exec(
            dump,
          )?.[1] ?? '';
        const text = `add ${local} ${peer} esp ${unit}00${own} -u ${idOf(local, 'out')} -E aes-gcm-16 ${key};
          add ${peer} ${local} esp ${unit}00${far} -u ${idOf(peer, 'in')} -E aes-gcm-16 ${key};`;
        assert.deepEqual((await gateway.runSetkey(text, 'file', 1)).errors, []);
      }
    }
    assert.equal(network.a.router.ping(parseIpAddress('172.16.102.1')).received, 1);
    assert.ok(!lines.some((line) => line.includes('recursively')));
    assert.equal(network.a.router.ping(parseIpAddress('172.16.202.1')).received, 0);
    assert.deepEqual(
      lines.filter((line) => line.includes('recursively')),
      ['ipsec0: recursively called too many times(2)'],
    );
  });

  test('an inner packet too big for the tunnel is answered, and one that fits passes whole', async () => {
    const network = buildTwoGateways();
    await establishTunnel(network, { outer: 4 });
    const far = parseIpAddress(network.b.addresses.host[4]);
    const { host } = network.a;
    const heard: number[] = [];
    host.onProtocol(IpProtocol.icmp, (packet, upper) => void heard.push((packet[upper]! << 8) | packet[upper + 1]!));
    assert.equal(host.ping(far, { payloadBytes: 1280 - 28, hasDontFragment: true }).received, 1);
    assert.equal(host.ping(far, { payloadBytes: 1281 - 28, hasDontFragment: true }).received, 0);
    assert.deepEqual(heard, [0, 0x0304]);
    assert.equal(host.ping(far, { payloadBytes: 1400 }).received, 1);
  });

  test('after the NAT box has forgotten its mapping the far end follows to the new port, where it may', async () => {
    for (const followsPeer of [true, false]) {
      const network = buildTwoGateways({ isBehindNat: true });
      await establishTunnel(network, { outer: 4, isNatT: true, portOfA: 40_000 });
      await network.b.gateway.setOptions('ipsec0', { followsPeer });
      assert.equal(pingBothWays(network, 1), 4);
      network.nat?.rebind();
      const ask = (): number => network.a.host.ping(parseIpAddress(network.b.addresses.host[4]), { count: 1 }).received;
      ask();
      // The event reaches the gateway, which publishes.
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(ask(), followsPeer ? 1 : 0);
    }
  });

  test('keepalives keep a silent tunnel’s mapping: one byte from the NATed side every 20 seconds', async () => {
    const network = buildTwoGateways({ isBehindNat: true });
    await establishTunnel(network, { outer: 4, isNatT: true, portOfA: 40_000 });
    await network.b.gateway.setOptions('ipsec0', { keepalives: false });
    const lengths: number[] = [];
    network.wire.tap((packet) => void lengths.push(packet.length));
    const before = network.b.gateway.status();
    network.clock.advance(65_000);
    assert.deepEqual(lengths, [29, 29, 29]);
    // They are ignored, and say nothing about the peer (RFC 3948 §4).
    assert.deepEqual(network.b.gateway.status().interfaces[0]?.counters, before.interfaces[0]?.counters);
    await network.a.gateway.flushAssociations();
    network.clock.advance(65_000);
    assert.equal(lengths.length, 3);
  });

  test('with DF a narrow path is learned of, and the inner sender hears its MTU; without, nothing is lost', async () => {
    for (const dontFragment of ['copy', 'clear'] as const) {
      const network = buildTwoGateways({ wire: { mtu: 800 } });
      await establishTunnel(network, { outer: 4 });
      await network.a.gateway.setOptions('ipsec0', { dontFragment });
      const far = parseIpAddress(network.b.addresses.host[4]);
      const options = { count: 1, payloadBytes: 1000, hasDontFragment: true };
      assert.equal(network.a.host.ping(far, options).received, dontFragment === 'clear' ? 1 : 0);
      const learned = network.a.host.pathMtu(far);
      // 800 - 20 - 8 - 8 - 16, down to a multiple of 4, less the trailer.
      assert.equal(learned, dontFragment === 'clear' ? 1500 : 746);
      assert.equal(network.a.host.ping(far, { ...options, hasDontFragment: false }).received, 1);
    }
  });

  test('clear-text IP in IP from the peer is dropped and counted (RFC 4301 §5.2)', async () => {
    for (const outer of [4, 6] as const) {
      const network = buildTwoGateways();
      await establishTunnel(network, { outer });
      const { a, b, clock } = network;
      const inner = { source: parseIpAddress(a.addresses.host[4]), destination: parseIpAddress(b.addresses.host[4]) };
      const pair = { source: a.wireAddress[outer], destination: b.wireAddress[outer] };
      a.router.send(
        buildIpPacket({ ...pair, protocol: 4 }, buildIpPacket({ ...inner, protocol: 253 }, new Uint8Array(8))),
      );
      clock.advance(10);
      const { drops, interfaces } = b.gateway.status();
      assert.deepEqual([drops, interfaces[0]?.counters.inputPackets], [[{ reason: 'clearText', packets: 1 }], 0]);
    }
  });
});
