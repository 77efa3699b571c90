import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InterfaceCell } from '#core/datapath/counters.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { AssociationCell } from '#core/datapath/counters.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';

const cbc = '-E aes-cbc "0123456789abcdef" -A hmac-sha256 "0123456789abcdef0123456789abcdef"';

async function running(): Promise<FakeMachine> {
  const machine = new FakeMachine();
  const { gateway } = machine;
  await gateway.createInterface('ipsec0');
  const outer = { local: parseIpAddress('10.0.0.1'), peer: parseIpAddress('10.0.0.2'), localPort: 0, peerPort: 0 };
  await gateway.setTunnel('ipsec0', outer);
  await gateway.setFlags('ipsec0', { isUp: true });
  await machine.setkey(
    `add 10.0.0.2 10.0.0.1 esp 10000 -u 16385 ${cbc}; add 10.0.0.1 10.0.0.2 esp 10001 -u 16386 ${cbc};`,
  );
  await machine.setkey(`add 10.0.0.1 10.0.0.9 esp 10002 ${cbc};`);
  return machine;
}

test('shows interfaces with counters and drops, associations with the interfaces that select them, and policies', async () => {
  const { gateway, datapath } = await running();
  const { counters } = datapath;
  const base = counters.interfaceBase(1);
  counters.cells[base + InterfaceCell.outputPackets] = 3;
  counters.cells[base + InterfaceCell.inputBytes] = 84;
  counters.countDrop(1, dropReasons.outNoSa.number, 2);
  counters.countDrop(0, dropReasons.noSa.number);
  const status = gateway.status();
  const [row] = status.interfaces;
  assert.partialDeepStrictEqual(row, {
    name: 'ipsec0',
    isUp: true,
    isRunning: true,
    link2: true,
    mtu: 1280,
    tunnel: { family: 4, local: '10.0.0.1', peer: '10.0.0.2', localPort: 0, peerPort: 0 },
    state: 'idle',
    counters: { outputPackets: 3, inputBytes: 84 },
    drops: [{ reason: 'outNoSa', packets: 2 }],
  });
  assert.deepEqual(status.drops, [{ reason: 'noSa', packets: 1 }]);
  assert.deepEqual(
    status.associations.map(({ spi, interfaces }) => [spi, interfaces]),
    [
      [10002, []],
      [10001, ['ipsec0']],
      [10000, ['ipsec0']],
    ],
  );
  assert.deepEqual(
    status.policies.map(({ spid }) => spid),
    [1, 3, 2, 4],
  );
});

test('an interface whose device somebody else has deleted does not run, until it is created anew', async () => {
  const { gateway, datapath, lines } = await running();
  const view = (): unknown[] =>
    gateway.status().interfaces.map(({ name, state, isRunning }) => [name, state, isRunning]);
  assert.deepEqual(view(), [['ipsec0', 'idle', true]]);
  const tun = datapath.current.interfaces[0]?.tun ?? -1;
  datapath.emit({ kind: 'device-gone', tun: tun + 1000 });
  assert.deepEqual(view(), [['ipsec0', 'idle', true]]);
  for (let count = 0; count < 3; count++) datapath.emit({ kind: 'device-gone', tun });
  assert.deepEqual(view(), [['ipsec0', 'lost', false]]);
  const told = lines.filter(({ message }) => message.startsWith('the device was deleted by another program'));
  assert.deepEqual(
    told.map(({ level }) => level),
    ['error'],
  );
  await gateway.destroyInterface('ipsec0');
  await gateway.createInterface('ipsec0');
  assert.deepEqual(view(), [['ipsec0', 'off', false]]);
});

test('the state follows the counters: sends and hears nothing, then hears, then checks fail', async () => {
  const machine = await running();
  const { gateway, datapath } = machine;
  const { counters } = datapath;
  const { associations } = gateway.status();
  const slots = new Map(datapath.current.inbound.map(({ spi, slot }) => [spi, slot]));
  assert.equal(associations.length, 3);
  const cell = (spi: number, index: number): number => counters.associationBase(slots.get(spi) ?? -1) + index;
  const state = (): string | undefined => gateway.status().interfaces[0]?.state;
  const base = counters.interfaceBase(1);
  counters.cells[cell(10001, AssociationCell.firstUsedMs)] = machine.now;
  counters.cells[base + InterfaceCell.lastOutputMs] = machine.now;
  assert.equal(state(), 'idle');
  machine.now += 11_000;
  assert.equal(state(), 'hears-nothing');
  counters.cells[base + InterfaceCell.lastInputMs] = machine.now;
  assert.equal(state(), 'up');
  machine.now += 11_000;
  counters.cells[cell(10000, AssociationCell.authenticationFailures)] = 1;
  assert.equal(state(), 'errors');
  await gateway.setFlags('ipsec0', { isUp: false });
  assert.equal(state(), 'off');
});
