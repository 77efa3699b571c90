import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InterfaceStatus } from '#core/api/contract.ts';
import { sumDroppedPackets } from '#core/api/reading/dropped-packets.ts';

type Drops = InterfaceStatus['drops'];

function machine(
  byInterface: Readonly<Record<string, Drops>>,
  drops: Drops = [],
): Parameters<typeof sumDroppedPackets>[0] {
  const interfaces = Object.entries(byInterface).map(([name, own]) => ({ name, drops: own }) as InterfaceStatus);
  return { interfaces, drops };
}

test('drops of one reason are summed over interfaces, and those of no interface are added', () => {
  const found = sumDroppedPackets(
    machine({ ipsec0: [{ reason: 'replayDup', packets: 12 }], ipsec4: [{ reason: 'replayDup', packets: 3 }] }, [
      { reason: 'noSa', packets: 40 },
    ]),
  );
  assert.deepEqual(found, [
    { reason: 'noSa', label: 'no association for this SPI', packets: 40, interfaces: [] },
    { reason: 'replayDup', label: 'received before', packets: 15, interfaces: ['ipsec0', 'ipsec4'] },
  ]);
});

test('what is rightly ignored is left out, and an unknown reason is told by its name', () => {
  const found = sumDroppedPackets(
    machine({}, [
      { reason: 'natKeepalive', packets: 9 },
      { reason: 'newer', packets: 1 },
    ]),
  );
  assert.deepEqual(found, [{ reason: 'newer', label: 'newer', packets: 1, interfaces: [] }]);
});
