import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAltered, type DeviceSources } from '#core/host/linux/device-look.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import type { DeviceShape } from '#core/tunnel/port/host-port.ts';

const inner = { address: parseIpAddress('172.16.1.1'), prefixLength: 32, peer: null };
const shape: DeviceShape = { isUp: true, mtu: 1280, addresses: [inner] };
const wanted = new Map([
  ['ipsec0', shape],
  ['ipsec1', { ...shape, addresses: [{ ...inner, address: parseIpAddress('fd00::1') }] }],
]);
const well = { ipsec0: [{ address: '172.16.1.1' }], ipsec1: [{ address: 'fd00::1' }] };

function sources(changes: Partial<DeviceSources>): DeviceSources & { readonly lists: () => number } {
  let lists = 0;
  const actual = new Map([['ipsec0', { ...shape, mtu: 1400 }]]);
  const list = (): ReturnType<DeviceSources['list']> => Promise.resolve((lists++, actual));
  return { addresses: () => well, mtuOf: () => 1280, list, ...changes, lists: () => lists };
}

test('where all is well no program is run, also where the MTU is not known', async () => {
  for (const mtu of [1280, null]) {
    const machine = sources({ mtuOf: () => mtu });
    assert.equal((await findAltered(wanted, machine)).size, 0);
    assert.equal(machine.lists(), 0);
  }
});

test('a device that is not listed, lacks an address, or has another MTU is given as ip(8) shows it', async () => {
  const doubts: Partial<DeviceSources>[] = [
    { addresses: () => ({ ipsec1: well.ipsec1 }) },
    { addresses: () => ({ ...well, ipsec0: [{ address: '172.16.1.2' }] }) },
    { mtuOf: (name) => (name === 'ipsec0' ? 1400 : 1280) },
  ];
  for (const doubt of doubts) {
    const machine = sources(doubt);
    assert.deepEqual([...(await findAltered(wanted, machine))], [['ipsec0', { ...shape, mtu: 1400 }]]);
    assert.equal(machine.lists(), 1);
  }
});

test('one without addresses can only be told by ip(8), and one that is gone is not among them', async () => {
  const bare = new Map([
    ['ipsec0', { ...shape, addresses: [] }],
    ['ipsec7', shape],
  ]);
  assert.deepEqual([...(await findAltered(bare, sources({}))).keys()], ['ipsec0']);
});
