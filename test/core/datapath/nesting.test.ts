import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SnapshotAssociation, SnapshotInterface } from '#core/datapath/snapshot.ts';
import { fragmentIpv4 } from '#core/host/memory/fragments.ts';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { formatAddress, parseIpAddress } from '#core/ip/address.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import {
  ip,
  makeAssociation,
  makeInterface,
  makeSnapshot,
  nullShape,
  nullSpec,
  TestDatapath,
} from '#test/support/test-datapath.ts';

/** Three tunnels, ipsec2 through ipsec1 through ipsec0. The token of ipsecN is N + 1. */
class Chain {
  readonly datapath = new TestDatapath();
  readonly associations: SnapshotAssociation[];

  constructor(udp: SnapshotAssociation['udp'] = null) {
    const transform = this.datapath.transforms.create(nullSpec);
    const units = [0, 1, 2];
    this.associations = units.map((unit) => {
      const source = ip(`10.0.${unit}.1`);
      const destination = ip(`10.0.${unit}.2`);
      return makeAssociation({
        ...nullShape,
        id: unit,
        slot: unit,
        spi: 500 + unit,
        transform,
        source,
        destination,
        udp,
      });
    });
    const interfaces = units.map((unit): SnapshotInterface => {
      const policy = { action: 'protect', outboundSpid: unit, outboundAssociation: unit, inboundReqid: 0 } as const;
      const { source: local, destination: peer } = present(this.associations[unit]);
      const outer = { family: 4, local, peer, localPort: 0, peerPort: 0 } as const;
      return makeInterface({ slot: unit + 1, name: `ipsec${unit}`, tun: unit + 1, outer, ipv4: policy, ipv6: policy });
    });
    this.datapath.apply(makeSnapshot({ interfaces, outbound: this.associations }));
  }

  /** Send a packet into ipsecN; returns the outer packets that the host would route on. */
  enter(unit: number, packet: Uint8Array, now = 1000): Uint8Array[] {
    const { tun, wire, outbound } = this.datapath;
    wire.sent = [];
    tun.toRead.push({ bytes: packet });
    outbound.pump(unit + 1, now);
    const { source, destination, udp } = present(this.associations[unit]);
    const addresses = { source: formatAddress(source, 0, 4), destination: formatAddress(destination, 0, 4) };
    return wire.sent.map(({ bytes }) =>
      udp === null
        ? buildIpPacket({ ...addresses, protocol: 50, identification: 77 }, bytes)
        : buildUdpPacket({
            ...addresses,
            sourcePort: udp.sourcePort,
            destinationPort: udp.destinationPort,
            payload: bytes,
          }),
    );
  }
}

function plain(payloadBytes = 8): Uint8Array {
  const addresses = { source: parseIpAddress('10.9.0.1'), destination: parseIpAddress('10.9.0.2') };
  return buildIpPacket({ ...addresses, protocol: 253 }, new Uint8Array(payloadBytes));
}

describe('nesting (NetBSD if_tunnel_check_nesting)', () => {
  for (const udp of [null, { sourcePort: 4500, destinationPort: 4500 }]) {
    const how = udp === null ? 'plain' : 'in UDP';
    test(`a tunnel in a tunnel works, ESP ${how}`, () => {
      const chain = new Chain(udp);
      const [once] = chain.enter(2, plain());
      const [twice] = chain.enter(1, present(once));
      assert.ok(twice !== undefined);
      assert.deepEqual(chain.datapath.allDrops(), {});
    });

    test(`the third interface in a chain drops and says so, ESP ${how}`, () => {
      const chain = new Chain(udp);
      const [once] = chain.enter(2, plain());
      const [twice] = chain.enter(1, present(once));
      assert.deepEqual(chain.enter(0, present(twice)), []);
      assert.deepEqual(chain.datapath.allDrops(), { outNesting: 1 });
      const message = 'ipsec0: recursively called too many times(2)';
      assert.deepEqual(chain.datapath.events, [{ kind: 'log', message }]);
    });
  }

  test('the log line comes at most once a second and interface', () => {
    const chain = new Chain();
    for (const now of [0, 10, 999, 1000]) {
      const [once] = chain.enter(2, plain(), now);
      const [twice] = chain.enter(1, present(once), now);
      chain.enter(0, present(twice), now);
    }
    assert.deepEqual(chain.datapath.allDrops(), { outNesting: 4 });
    assert.equal(chain.datapath.events.length, 2);
  });

  test('depth belongs to the packet: plain traffic through the same tunnel passes before and after', () => {
    const chain = new Chain();
    const [before] = chain.enter(1, plain());
    const [once] = chain.enter(2, plain());
    const [nested] = chain.enter(1, present(once));
    const [after] = chain.enter(1, plain());
    assert.equal(chain.enter(0, present(before)).length, 1);
    assert.equal(chain.enter(0, present(after)).length, 1);
    assert.equal(chain.enter(0, present(nested)).length, 0);
  });

  test('a nested packet that was cut in pieces is dropped whole', () => {
    const chain = new Chain();
    const [once] = chain.enter(2, plain(600));
    const [twice] = chain.enter(1, present(once));
    const pieces = fragmentIpv4(present(twice), 256);
    assert.ok(pieces.length > 2);
    for (const piece of pieces) chain.enter(0, piece);
    assert.deepEqual(chain.datapath.allDrops(), { outNesting: pieces.length });
  });

  test('ESP of somebody else is ordinary traffic', () => {
    const chain = new Chain();
    const addresses = { source: parseIpAddress('10.0.1.1'), destination: parseIpAddress('10.0.1.9') };
    const foreign = buildIpPacket({ ...addresses, protocol: 50 }, Uint8Array.of(0, 0, 1, 0xf5, 0, 0, 0, 1, 9, 9, 9, 9));
    assert.equal(chain.enter(0, foreign).length, 1);
  });

  test('a packet that comes back to the tunnel that sealed it is a routing loop and dropped at once', () => {
    const chain = new Chain();
    const [once] = chain.enter(0, plain());
    assert.deepEqual(chain.enter(0, present(once)), []);
    assert.deepEqual(chain.datapath.allDrops(), { outRouteLoop: 1 });
  });
});
