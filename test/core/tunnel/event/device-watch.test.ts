import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import { initialSettings } from '#core/ipsecif/interface-options.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { Spd } from '#core/spd/spd.ts';
import { DeviceWatch, shapeOf } from '#core/tunnel/event/device-watch.ts';
import type { DeviceShape } from '#core/tunnel/port/host-port.ts';

const addresses = ['172.16.1.1', 'fd00::1'].map((address) => ({
  address: parseIpAddress(address),
  prefixLength: address.includes(':') ? 128 : 32,
  peer: null,
}));

function start() {
  const ipsecif = new Ipsecif(new Spd(), initialSettings);
  ipsecif.create('ipsec0');
  for (const address of addresses) ipsecif.addAddress('ipsec0', address);
  const asked: ReadonlyMap<string, DeviceShape>[] = [];
  const machine: { found: [string, DeviceShape][]; error: IpsecError | null } = { found: [], error: null };
  const lines: string[] = [];
  const tell = (message: string): void => void lines.push(message);
  const watch = new DeviceWatch({
    host: {
      async findAltered(wanted) {
        asked.push(wanted);
        if (machine.error !== null) throw machine.error;
        return new Map(machine.found);
      },
    },
    log: { info: tell, warn: tell, error: tell },
    records: () => ipsecif.list(),
    alone: (work) => work(),
  });
  return { ipsecif, asked, machine, lines, watch, record: (): Interface => ipsecif.get('ipsec0') };
}

test('it asks whether devices are as their interfaces say, every ten seconds and not while it looks', async () => {
  const { watch, asked, ipsecif, record } = start();
  assert.ok(watch.isDue(0));
  const looking = watch.look(0);
  assert.ok(!watch.isDue(60_000));
  await looking;
  assert.deepEqual(asked, [new Map([['ipsec0', { isUp: true, mtu: 1280, addresses }]])]);
  assert.deepEqual(shapeOf(record()).addresses, record().addresses);
  assert.deepEqual([watch.isDue(9_999), watch.isDue(10_000), watch.nextLookMs], [false, true, 10_000]);
  ipsecif.destroy('ipsec0');
  assert.equal(watch.nextLookMs, Infinity, 'nothing wakes culvertd where there is nothing to look at');
});

test('what is missing is told by name, once in the log; what is there besides is nobody’s matter', async () => {
  const { watch, machine, lines, record } = start();
  const [first, second] = addresses;
  assert.ok(first !== undefined && second !== undefined);
  const more = { ...first, address: parseIpAddress('10.0.0.9') };
  machine.found = [['ipsec0', { isUp: true, mtu: 1280, addresses: [first, more] }]];
  await watch.look(0);
  await watch.look(1);
  assert.deepEqual(watch.of(record()), { isDown: false, missing: ['fd00::1'], mtu: null });
  assert.equal(lines.length, 1);
  machine.found = [['ipsec0', { isUp: true, mtu: 1280, addresses: [first, second, more] }]];
  await watch.look(2);
  assert.equal(watch.of(record()), null);
});

test('an interface that was changed since is as it says, until the next look', async () => {
  const { watch, machine, ipsecif, record } = start();
  machine.found = [['ipsec0', { isUp: true, mtu: 9000, addresses }]];
  await watch.look(0);
  assert.equal(watch.of(record())?.mtu, 9000);
  ipsecif.setFlags('ipsec0', { isUp: true });
  assert.equal(watch.of(record()), null);
  await watch.look(1);
  assert.equal(watch.of(record())?.mtu, 9000);
});

test('a machine that does not answer is told once, and one that stops not at all', async () => {
  const { watch, machine, lines } = start();
  machine.error = new IpsecError('HELPER_UNREACHABLE', 'the gateway has stopped');
  await watch.look(0);
  assert.deepEqual(lines, []);
  machine.error = null;
  await watch.look(1);
  machine.error = new IpsecError('HOST_FAILED', 'no');
  await watch.look(2);
  await watch.look(3);
  assert.deepEqual(lines, ['devices could not be looked at']);
});
