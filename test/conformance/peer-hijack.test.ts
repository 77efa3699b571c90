/**
 * Attempts to take over a tunnel that follows its peer (RFC 7296 §2.23, RFC 3947 §6): an attacker on the wire sees every
 * packet, and sends what he has seen, changed or made up from an address of his own. What he may do is what any router
 * may: hold a packet back and deliver it from elsewhere, which moves the peer until its next packet comes.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU32, writeU32 } from '#core/base/bytes.ts';
import { buildTwoGateways, type TwoGateways } from '#core/host/memory/two-gateways.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { establishTunnel } from '#test/support/establish-tunnel.ts';

const attackers = { 4: parseIpAddress('203.0.113.66'), 6: parseIpAddress('2001:db8:66::66') } as const;
const seconds = 1000;

/** A tunnel in UDP, whose right end follows its peer, with all ESP payloads of the left end that were on the wire. */
class Wiretap {
  readonly network: TwoGateways;
  readonly family: 4 | 6;
  readonly payloads: Uint8Array[] = [];

  private constructor(network: TwoGateways, family: 4 | 6) {
    this.network = network;
    this.family = family;
    const headerBytes = family === 4 ? 20 : 40;
    network.wire.tap((packet) => {
      const isUdp = packet[family === 4 ? 9 : 6] === IpProtocol.udp;
      const spi = isUdp ? readU32(packet, headerBytes + 8) : 0;
      if (spi === 10001) this.payloads.push(packet.slice(headerBytes + 8));
    });
  }

  static async open(family: 4 | 6): Promise<Wiretap> {
    const network = buildTwoGateways();
    await establishTunnel(network, { outer: family, isNatT: true });
    await network.b.gateway.setOptions('ipsec0', { followsPeer: true });
    return new Wiretap(network, family);
  }

  /** Ping through the tunnel from the left: how many of three came back. */
  ping(): number {
    const { a, b } = this.network;
    return a.host.ping(parseIpAddress(b.addresses.host[4]), { count: 3 }).received;
  }

  /** Send a UDP payload to the right end from an address of the attacker's, or another. */
  send(payload: Uint8Array, from: { readonly source?: IpAddress; readonly port?: number } = {}): void {
    const { b } = this.network;
    const packet = buildUdpPacket({
      source: from.source ?? attackers[this.family],
      destination: b.wireAddress[this.family],
      sourcePort: from.port ?? 4500,
      destinationPort: 4500,
      payload,
    });
    b.router.receive('wm0', packet);
    b.router.clock.advance(2 * seconds);
  }

  /** Where the right end thinks that its peer is, if not where the tunnel says. */
  get movedTo(): unknown {
    return this.network.b.gateway.status().interfaces[0]?.movedTo;
  }
}

for (const family of [4, 6] as const) {
  describe(`an attacker on the wire of a tunnel over IPv${family} that follows its peer`, () => {
    test('replays from an address of his own: old ones, the newest one, all of them backwards', async () => {
      const tap = await Wiretap.open(family);
      assert.equal(tap.ping(), 3);
      for (const payload of [...tap.payloads, ...tap.payloads.toReversed()]) tap.send(payload);
      assert.deepEqual([tap.payloads.length, tap.movedTo, tap.ping()], [3, null, 3]);
    });

    test('changes the sequence number of what he replays to a lower one, a higher one, and the highest', async () => {
      const tap = await Wiretap.open(family);
      assert.equal(tap.ping(), 3);
      const [first] = tap.payloads;
      assert.ok(first !== undefined);
      for (const sequence of [0, 1, 4, 1000, 0xffffffff]) {
        const changed = first.slice();
        writeU32(changed, 4, sequence);
        tap.send(changed);
      }
      assert.deepEqual([tap.movedTo, tap.ping()], [null, 3]);
    });

    test('makes packets up: any bytes behind a known SPI, short ones, keepalives, and what looks like IKE', async () => {
      const tap = await Wiretap.open(family);
      assert.equal(tap.ping(), 3);
      const made = new Uint8Array(200).fill(0x5a);
      writeU32(made, 0, 10001);
      writeU32(made, 4, 100);
      for (const payload of [made, made.slice(0, 8), made.slice(0, 40), Uint8Array.of(0xff), new Uint8Array(64)]) {
        tap.send(payload);
        tap.send(payload, { port: 9 });
      }
      assert.deepEqual([tap.movedTo, tap.ping()], [null, 3]);
    });

    test('takes the peer’s own address with another port: a replay does not move the port either', async () => {
      const tap = await Wiretap.open(family);
      assert.equal(tap.ping(), 3);
      const source = tap.network.a.wireAddress[family];
      for (const payload of tap.payloads) tap.send(payload, { source, port: 31337 });
      assert.deepEqual([tap.movedTo, tap.ping()], [null, 3]);
    });

    test('holds a packet back and sends it from elsewhere: the peer is back with its next packet', async () => {
      const tap = await Wiretap.open(family);
      assert.equal(tap.ping(), 3);
      tap.network.wire.options = { ...tap.network.wire.options, lossRate: 1 };
      tap.ping();
      tap.network.wire.options = { ...tap.network.wire.options, lossRate: 0 };
      const stolen = tap.payloads.at(-1);
      assert.ok(stolen !== undefined);
      tap.send(stolen);
      await settle();
      assert.deepEqual(tap.movedTo, { address: attackers[family], port: 4500 });
      tap.network.b.router.clock.advance(2 * seconds);
      tap.ping();
      await settle();
      assert.deepEqual([tap.movedTo, tap.ping()], [null, 3]);
      // Once more from elsewhere, it is a replay.
      tap.send(stolen);
      await settle();
      assert.equal(tap.movedTo, null);
    });
  });
}

/** A move is carried out by the control plane, after the packet. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
