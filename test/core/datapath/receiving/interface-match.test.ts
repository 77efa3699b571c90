import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fitsPolicy } from '#core/datapath/receiving/interface-match.ts';
import { makeInterface, outer4, tokens } from '#test/support/test-datapath.ts';
import { Receiver } from '#test/support/test-receiver.ts';

const withPorts = (tun: number, localPort: number, peerPort: number, followsPeer = false) =>
  makeInterface({ slot: tun, name: `ipsec${tun}`, tun, followsPeer, outer: { ...outer4, localPort, peerPort } });

/**
 * The device that a packet from this port comes out of; null when it is dropped. `ownPort` is the association's.
 */
function enters(
  interfaces: Parameters<typeof withPorts>[],
  port: number,
  { isPlain = false, ownPort = port }: { isPlain?: boolean; ownPort?: number } = {},
): number | null {
  const udp = isPlain ? null : { sourcePort: ownPort, destinationPort: 4500 };
  const receiver = new Receiver(
    { udp },
    interfaces.map((ports) => withPorts(...ports)),
  );
  receiver.receive(isPlain ? tokens.esp4 : tokens.udp4, { bytes: receiver.seal(), port });
  const [written] = receiver.datapath.tun.written;
  assert.deepEqual(receiver.datapath.allDrops(), written === undefined ? { outerMismatch: 1 } : {});
  return written?.tun ?? null;
}

describe('interfaces with one outer pair (if_ipsec.c: link0)', () => {
  const both: Parameters<typeof withPorts>[] = [
    [2, 4500, 4501],
    [3, 4500, 4502],
  ];

  test('are told apart by the ports that a packet has', () => {
    assert.deepEqual([enters(both, 4501), enters(both, 4502), enters(both, 4503)], [2, 3, null]);
  });

  test('an association of one does not enter another, from whatever port it sends', () => {
    const all: Parameters<typeof withPorts>[] = [...both, [1, 0, 0]];
    for (const port of [4502, 9]) {
      assert.equal(enters(both, port, { ownPort: 4501 }), null);
      assert.equal(enters(all, port, { ownPort: 4501 }), null, 'nor one without ports');
    }
    // What belongs to the one without ports may come from anywhere, and enters no other.
    for (const port of [4500, 4501, 9]) assert.equal(enters(all, port, { ownPort: 4500 }), 1);
  });

  test('of those that follow their peer a packet from elsewhere enters its own, and none in the place of one that does not', () => {
    const any: Parameters<typeof withPorts>[] = [[1, 0, 0, true]];
    const own = { ownPort: 4501 };
    assert.equal(enters([[2, 4500, 4501, true], [3, 4500, 4502, true], ...any], 4502, own), 2);
    assert.equal(enters([[2, 4500, 4501, false], [3, 4500, 4502, true], ...any], 4502, own), null);
  });

  test('an association whose ports no interface has goes by those of its packets', () => {
    assert.deepEqual(
      [4501, 4502, 4503].map((port) => enters(both, port, { ownPort: 4500 })),
      [2, 3, null],
    );
  });

  test('one without ports takes what fits no other, wherever it stands', () => {
    for (const list of [
      [[1, 0, 0], ...both],
      [...both, [1, 0, 0]],
    ] as Parameters<typeof withPorts>[][]) {
      assert.deepEqual([enters(list, 4501), enters(list, 4502), enters(list, 9)], [2, 3, 1]);
    }
  });

  test('a local port that is not the packet’s keeps it out', () => {
    assert.equal(enters([[2, 4600, 4501]], 4501), null);
  });

  test('plain ESP enters only one without ports', () => {
    const isPlain = true;
    assert.deepEqual([enters(both, 0, { isPlain }), enters([...both, [1, 0, 0]], 0, { isPlain })], [null, 1]);
  });
});

test('a policy takes what its own reqid protected; reqid 0 takes any, discard and none take nothing', () => {
  const policy = { action: 'protect', outboundSpid: 1, outboundAssociation: -1, inboundReqid: 7 } as const;
  assert.deepEqual([fitsPolicy(policy, 7), fitsPolicy(policy, 8), fitsPolicy(policy, 0)], [true, false, false]);
  assert.equal(fitsPolicy({ ...policy, inboundReqid: 0 }, 8), true);
  assert.equal(fitsPolicy({ ...policy, action: 'discard' }, 7), false);
  assert.equal(fitsPolicy(null, 7), false);
});
