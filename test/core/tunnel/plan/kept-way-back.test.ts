/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssociationCell } from '#core/datapath/counters.ts';
import { volatileWayBackStore, type WayBackStore } from '#core/tunnel/port/way-back-store.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';

const key = '1'.repeat(32);
const cbc = `-E aes-cbc 0x${key} -A hmac-sha256 0x${'2'.repeat(64)}`;
const before = [
  { name: 'ifconfig.ipsec0', text: 'create\ntunnel 10.0.0.1 10.0.0.2\ninet 172.16.1.1/32 172.16.2.1\nup\n' },
  {
    name: 'ipsec.conf',
    text: `add 10.0.0.1 10.0.0.2 esp 1000 -u 16386 ${cbc};\nspdadd 10.7.0.0/16 10.8.0.0/16 any -P out discard;\n`,
  },
];
const change = [{ name: 'ifconfig.ipsec1', text: 'create\nup\n' }];

async function configured(store: WayBackStore): Promise<FakeMachine> {
  const machine = new FakeMachine({}, store);
  assert.deepEqual((await machine.gateway.configuration.apply(before, null, 7)).problems, []);
  await machine.gateway.setOptions('ipsec0', { hopLimit: 9 });
  await machine.gateway.setSettings({ auditsDrops: false });
  return machine;
}

function look({ gateway }: FakeMachine): unknown {
  const { interfaces, associations, policies, settings } = gateway.status();
  return [
    interfaces.map(({ name, isUp, tunnel, addresses, options, mtu }) => ({
      name,
      isUp,
      tunnel,
      addresses,
      options,
      mtu,
    })),
    associations.map(({ spi, reqid, encryption, source }) => ({ spi, reqid, encryption, source })),
    policies.map(({ spid: _spid, ...rest }) => JSON.stringify(rest)).sort(),
    settings,
  ];
}

test('a culvertd that was killed while a change waited gets all of before back, once', async () => {
  const store = volatileWayBackStore();
  const machine = await configured(store);
  const expected = look(machine);
  const keys = await machine.gateway.dumpSetkey('associations', true);
  const slot = machine.datapath.current.outbound[0]?.slot ?? 0;
  machine.datapath.counters.cells[machine.datapath.counters.associationBase(slot) + AssociationCell.sequence] = 1000;
  await machine.gateway.configuration.apply(change, 60_000, 7);
  assert.ok(store.load()?.includes(key), 'the way back is outside of the process');

  const later = new FakeMachine({}, store);
  later.host.devices.set('ipsec1', { token: 7, mtu: 1280, isLeft: true, addresses: [] });
  later.host.devices.set('ipsec0', { token: 8, mtu: 1280, isLeft: true, addresses: [] });
  await later.gateway.configuration.recover();
  assert.deepEqual(look(later), expected);
  const withoutTimes = (text: string): string => text.replace(/^\t(created|diff|current|sadb_seq).*\n/gm, '');
  assert.equal(withoutTimes(await later.gateway.dumpSetkey('associations', true)), withoutTimes(keys));
  assert.ok(!later.host.devices.has('ipsec1'), 'what only the change has made goes');
  assert.ok(later.host.calls.includes('dropFormerAddresses ipsec0'));
  assert.ok((later.datapath.current.outbound[0]?.initialSequence ?? 0) > 1000, 'no number is used twice');
  const { pending, lastRevert } = later.gateway.configuration.pending();
  assert.deepEqual([pending, lastRevert?.why, lastRevert?.problem], [null, 'killed', null]);
  assert.equal(store.load(), null);
  const third = new FakeMachine({}, store);
  await third.gateway.configuration.recover();
  assert.deepEqual(third.gateway.status().interfaces, []);
  assert.ok(![...machine.lines, ...later.lines].some((line) => JSON.stringify(line).includes(key)));
});

test('it is kept before anything changes, and no longer than the change waits', async () => {
  const store = volatileWayBackStore();
  const machine = await configured(store);
  assert.equal(store.load(), null, 'what nobody has to confirm has no way back');
  let seen: string | null = null;
  machine.datapath.check = () => void (seen ??= store.load());
  await machine.gateway.configuration.apply(change, 60_000, 7);
  assert.notEqual(seen, null);
  await machine.gateway.configuration.confirm();
  assert.equal(store.load(), null);
  await machine.gateway.configuration.apply([{ name: 'ifconfig.ipsec0', text: '' }], 60_000, 7);
  await machine.gateway.configuration.revert();
  assert.equal(store.load(), null);
  machine.host.failAfter = 0;
  const refused = await machine.gateway.configuration.apply([{ name: 'ifconfig.ipsec5', text: 'create\nup\n' }], 1, 7);
  assert.deepEqual([refused.problems.length, refused.plan], [1, null]);
  assert.equal(store.load(), null);
});

test('one that ends in order takes it along; one that fails leaves it', async () => {
  for (const [leaves, isLeft] of [
    [false, false],
    [true, true],
  ] as const) {
    const store = volatileWayBackStore();
    const machine = await configured(store);
    await machine.gateway.configuration.apply(change, 60_000, 7);
    await machine.gateway.stop(leaves);
    assert.equal(store.load() !== null, isLeft);
  }
});

test('what cannot be read is set aside and told, without what is in it; a machine that refuses is asked again', async () => {
  const store = volatileWayBackStore();
  for (const text of ['{', '{"version":1}', '{"version":2,"secret":"aa"}']) {
    store.save(text);
    const machine = new FakeMachine({}, store);
    await machine.gateway.configuration.recover();
    assert.equal(store.load(), null);
    const told = JSON.stringify(machine.lines.filter(({ level }) => level === 'error'));
    assert.match(told, /is lost/);
    assert.ok(!told.includes('secret'));
  }
  const killed = await configured(store);
  await killed.gateway.configuration.apply(change, 60_000, 7);
  const machine = new FakeMachine({}, store);
  machine.host.failAfter = 0;
  await machine.gateway.configuration.recover();
  assert.equal(machine.gateway.configuration.pending().lastRevert?.problem?.code, 'HOST_FAILED');
  assert.notEqual(store.load(), null);
  machine.now += 60_000;
  await machine.gateway.configuration.tick(machine.now);
  assert.deepEqual(
    machine.gateway.status().interfaces.map(({ name }) => name),
    ['ipsec0'],
  );
  assert.equal(store.load(), null);
});
