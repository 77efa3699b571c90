import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSent, findSent, type SentPacket } from '#core/datapath/receiving/sent-table.ts';
import { ip, makeAssociation, makeInterface, makeSnapshot } from '#test/support/test-datapath.ts';

const [local, peer, other] = [ip('192.0.2.2'), ip('192.0.2.1'), ip('198.51.100.7')];
const ports = { sourcePort: 4500, destinationPort: 4501 };
/** Addresses as they lie in a quote. */
const bytes = new Uint8Array([...local.subarray(0, 4), ...peer.subarray(0, 4), ...other.subarray(0, 4)]);
const plain: SentPacket = {
  spi: 0x1000,
  family: 4,
  source: 0,
  destination: 4,
  protocol: 50,
  sourcePort: 0,
  destinationPort: 0,
};
const inUdp: SentPacket = { ...plain, protocol: 17, ...ports };

function idOf(packet: SentPacket): number | null {
  const outbound = [
    makeAssociation({ id: 1, source: local, destination: peer }),
    makeAssociation({ id: 2, source: local, destination: peer, udp: ports }),
    makeAssociation({ id: 3, source: local, destination: other }),
    makeAssociation({
      id: 4,
      spi: 7,
      source: local,
      destination: peer,
      udp: ports,
      movedTo: { address: other, port: 9 },
    }),
  ];
  return findSent(compileSent(makeSnapshot({ outbound })), packet, bytes)?.sa.id ?? null;
}

test('of several associations with one SPI, addresses, protocol and ports name the one that sent', () => {
  assert.deepEqual([idOf(plain), idOf(inUdp), idOf({ ...plain, destination: 8 })], [1, 2, 3]);
  for (const changed of [{ spi: 0x1001 }, { family: 6 }, { source: 4 }, { destination: 0 }, { protocol: 51 }]) {
    assert.equal(idOf({ ...plain, ...changed }), null, JSON.stringify(changed));
  }
  for (const changed of [{ sourcePort: 4501 }, { destinationPort: 4500 }])
    assert.equal(idOf({ ...inUdp, ...changed }), null);
});

test('a peer that was followed is where it is now', () => {
  assert.equal(idOf({ ...inUdp, spi: 7 }), null);
  assert.equal(idOf({ ...inUdp, spi: 7, destination: 8, destinationPort: 9 }), 4);
});

test('the interface is the one whose policy sends by the association; 0 for one that is only remembered', () => {
  const policy = { action: 'protect', outboundSpid: 4, outboundAssociation: 1, inboundReqid: 0 } as const;
  const interfaces = [makeInterface({ slot: 3, name: 'ipsec7', ipv6: policy })];
  const outbound = [
    makeAssociation({ id: 1, source: local, destination: peer }),
    makeAssociation({ id: 2, spi: 9, source: local, destination: peer }),
  ];
  const table = compileSent(makeSnapshot({ interfaces, outbound }));
  const found = [plain, { ...plain, spi: 9 }].map((packet) => findSent(table, packet, bytes));
  assert.deepEqual(
    found.map((sent) => [sent?.slot, sent?.interfaceName]),
    [
      [3, 'ipsec7'],
      [0, ''],
    ],
  );
});
