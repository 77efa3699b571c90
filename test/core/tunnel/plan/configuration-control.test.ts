import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '#core/tunnel/plan/plan.ts';
import { AssociationCell } from '#core/datapath/counters.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

const cbc = (digit: string): string => `-E aes-cbc 0x${digit.repeat(32)} -A hmac-sha256 0x${digit.repeat(64)}`;
const keysOf = (peer: string, reqid: number, spi: number, digit = '1'): string =>
  `add ${peer} 10.0.0.1 esp ${spi} -u ${reqid} ${cbc(digit)};\nadd 10.0.0.1 ${peer} esp ${spi + 1} -u ${reqid + 1} ${cbc(digit)};\n`;
const if0 = 'create\ntunnel 10.0.0.1 10.0.0.2\ninet 172.16.1.1/32 172.16.2.1\nup\n';
const if1 = 'create\ntunnel 10.0.0.1 10.0.0.3\ninet 172.16.1.9/32 172.16.3.1\nup\n';
const files = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([name, text]) => ({ name, text }));
const both = files({
  'ifconfig.ipsec0': if0,
  'ifconfig.ipsec1': if1,
  'ipsec.conf': keysOf('10.0.0.2', 16385, 1000) + keysOf('10.0.0.3', 16389, 2000),
});
const onlyFirst = files({ 'ifconfig.ipsec0': if0, 'ipsec.conf': keysOf('10.0.0.2', 16385, 1000) });

const view = ({ gateway, host }: FakeMachine) => ({ status: gateway.status(), machine: host.view() });

/** What a user sees, but for ids, spids and moments. */
function look({ gateway, host }: FakeMachine): unknown {
  const { interfaces, associations, policies } = gateway.status();
  return {
    interfaces: interfaces.map(({ counters: _counters, ...rest }) => rest).sort((a, b) => (a.name < b.name ? -1 : 1)),
    associations: associations
      .map(({ id: _id, createdMs: _ms, usage: _usage, ...rest }) => rest)
      .sort((a, b) => a.spi - b.spi),
    policies: policies.map(({ spid: _spid, ...rest }) => JSON.stringify(rest)).sort(),
    machine: host.view(),
  };
}

async function apply(machine: FakeMachine, texts: typeof both, confirmMs: number | null = null): Promise<Plan> {
  const { problems, plan } = await machine.gateway.configuration.apply(texts, confirmMs, 7);
  assert.deepEqual(problems, []);
  assert.ok(plan !== null);
  return plan;
}

test('a plan tells what would be added and changes nothing', async () => {
  const machine = new FakeMachine();
  const before = view(machine);
  const { problems, plan } = await machine.gateway.configuration.plan(both, 'to-files');
  assert.deepEqual(problems, []);
  assert.deepEqual(
    plan?.interfaces.map(({ fate, name }) => [fate, name]),
    [
      ['added', 'ipsec0'],
      ['added', 'ipsec1'],
    ],
  );
  assert.deepEqual(
    plan?.associations.map(({ fate, spi }) => [fate, spi]),
    [
      ['added', 1000],
      ['added', 1001],
      ['added', 2000],
      ['added', 2001],
    ],
  );
  assert.equal(plan?.policies.length, 8);
  assert.deepEqual(plan?.drops, []);
  assert.deepEqual(view(machine), before);
  assert.equal(machine.host.calls.length, 0);
});

test('what is applied is there, and applying it again changes nothing', async () => {
  const machine = new FakeMachine();
  await apply(machine, both);
  assert.deepEqual(
    machine.gateway.status().interfaces.map(({ name, state }) => [name, state]),
    [
      ['ipsec0', 'idle'],
      ['ipsec1', 'idle'],
    ],
  );
  const before = view(machine);
  const plan = await apply(machine, both);
  assert.deepEqual([plan.interfaces, plan.associations, plan.policies], [[], [], []]);
  assert.deepEqual(plan.unchanged, { interfaces: 2, associations: 4, policies: 8 });
  assert.deepEqual(view(machine), before);
});

test('an unchanged tunnel is not touched: same associations, no call on its device', async () => {
  const machine = new FakeMachine();
  await apply(machine, both);
  const ids = () =>
    machine.gateway
      .status()
      .associations.filter(({ spi }) => spi < 2000)
      .map(({ id, createdMs }) => [id, createdMs]);
  const before = ids();
  machine.now += 5000;
  machine.host.calls.length = 0;
  const plan = await apply(machine, onlyFirst);
  assert.deepEqual(ids(), before);
  assert.deepEqual(
    machine.host.calls.filter((call) => call.includes('ipsec0')),
    [],
  );
  assert.deepEqual(
    plan.interfaces.map(({ fate, name }) => [fate, name]),
    [['removed', 'ipsec1']],
  );
  assert.deepEqual(
    plan.drops.map(({ interface: name, cause }) => [name, cause]),
    [['ipsec1', 'removed']],
  );
  assert.ok(!machine.host.devices.has('ipsec1'));
});

test('a change of options keeps the association, a change of keys says who must change too', async () => {
  const machine = new FakeMachine();
  await apply(machine, onlyFirst);
  const ids = () => machine.gateway.status().associations.map(({ id }) => id);
  const before = ids();
  const longer = keysOf('10.0.0.2', 16385, 1000).replaceAll(' -u ', ' -lh 100 -ls 50 -u ');
  const lifetimes = await apply(machine, files({ 'ipsec.conf': longer }));
  assert.deepEqual(ids(), before);
  assert.deepEqual(
    lifetimes.associations.map(({ fate, keepsSequence, changes }) => [
      fate,
      keepsSequence,
      changes.map(({ what }) => what),
    ]),
    [
      ['changed', true, ['soft', 'hard']],
      ['changed', true, ['soft', 'hard']],
    ],
  );
  const rekeyed = await apply(machine, files({ 'ipsec.conf': keysOf('10.0.0.2', 16385, 1000, '2') }));
  assert.deepEqual(rekeyed.associations[0]?.changes.at(-1), { what: 'keys', before: null, after: null });
  assert.equal(rekeyed.associations[0]?.keepsSequence, false);
  assert.deepEqual(
    rekeyed.drops.map(({ cause }) => cause),
    ['other-end'],
  );
  assert.ok(!JSON.stringify(rekeyed).includes('2222'));
});

test('setkey text alone leaves interfaces alone, and a plan says which tunnel then drops packets and why', async () => {
  const machine = new FakeMachine();
  await apply(machine, both);
  const { plan } = await machine.gateway.configuration.plan(
    files({ 'ipsec.conf': keysOf('10.0.0.2', 16385, 1000) + keysOf('10.0.0.3', 77, 2000) }),
    'to-files',
  );
  assert.deepEqual(plan?.interfaces, []);
  assert.deepEqual(
    plan?.drops.map(({ interface: name, cause, direction, isNew }) => [name, cause, direction, isNew]),
    [
      ['ipsec1', 'nothing-to-send-on', 'out', true],
      ['ipsec1', 'nothing-to-receive-on', 'in', true],
    ],
  );
  assert.match(plan?.drops[0]?.why ?? '', /no association from 10\.0\.0\.1 to 10\.0\.0\.3 with reqid 16390/);
});

test('all problems of all files are told with their places, and nothing is done', async () => {
  const machine = new FakeMachine();
  const bad = files({
    'ifconfig.ipsec0': 'create\ntunnel 10.0.0.1\nmtu x\n',
    'ipsec.conf': 'add;\nspdflush;\nflsh;\n',
  });
  const { problems, plan } = await machine.gateway.configuration.apply(bad, null, 7);
  assert.equal(plan, null);
  assert.deepEqual(
    problems.map(({ file, line }) => [file, line]),
    [
      ['ifconfig.ipsec0', 2],
      ['ifconfig.ipsec0', 3],
      ['ipsec.conf', 1],
      ['ipsec.conf', 3],
    ],
  );
  assert.equal(machine.host.calls.length, 0);
});

test('what the databases refuse is the file’s, with the line, and nothing has changed', async () => {
  const machine = new FakeMachine();
  await apply(machine, onlyFirst);
  const before = look(machine);
  const weak = `spdadd 1.1.1.1 2.2.2.2 any -P out none;\nadd 10.0.0.1 10.0.0.2 esp 5000 -E 3des-cbc 0x${'3'.repeat(48)} -A hmac-sha256 0x${'4'.repeat(64)};\n`;
  const { problems, plan } = await machine.gateway.configuration.apply(files({ 'ipsec.conf': weak }), null, 7);
  assert.equal(plan, null);
  assert.deepEqual(
    problems.map(({ file, line }) => [file, line]),
    [['ipsec.conf', 2]],
  );
  assert.deepEqual(look(machine), before);
});

test('wherever the machine refuses, everything is as before', async () => {
  for (let failAt = 0; failAt < 60; failAt++) {
    const machine = new FakeMachine();
    await apply(machine, both);
    const before = look(machine);
    machine.host.failAfter = failAt;
    const next = files({
      'ifconfig.ipsec0': if0.replace('172.16.1.1/32', '172.16.1.5/32').replace('up', 'mtu 1400\nup'),
      'ifconfig.ipsec2': if1.replaceAll('10.0.0.3', '10.0.0.4'),
      'ipsec.conf': keysOf('10.0.0.2', 16385, 1000, '5') + keysOf('10.0.0.4', 16393, 3000),
    });
    const outcome = await machine.gateway.configuration.apply(next, null, 7).then(
      () => 'done',
      () => 'refused',
    );
    // The device of a removed interface goes last, when nothing can be undone any more.
    if (machine.host.failAfter !== null || outcome === 'done') return;
    assert.deepEqual(look(machine), before, `refused at ${failAt}`);
  }
  assert.fail('the change needs fewer calls than that');
});

test('an unconfirmed change is taken back by itself, with the devices, the reqids and the numbers that were there', async () => {
  const machine = new FakeMachine();
  await apply(machine, both);
  const association = machine.gateway.status().associations.find(({ spi }) => spi === 2001);
  const slot = machine.datapath.current.outbound.find(({ id }) => id === association?.id)?.slot ?? 0;
  const { counters } = machine.datapath;
  counters.cells[counters.associationBase(slot) + AssociationCell.sequence] = 500;
  const before = look(machine);
  machine.host.calls.length = 0;
  const next = files({
    'ifconfig.ipsec0': if0.replace('tunnel 10.0.0.1 10.0.0.2', 'link1\n-link2\ntunnel 10.0.0.1 10.0.0.7'),
    'ipsec.conf': keysOf('10.0.0.7', 16393, 7000),
  });
  await apply(machine, next, 60_000);
  assert.deepEqual(machine.gateway.configuration.pending().pending, { sinceMs: 1_000_000, deadlineMs: 1_060_000 });
  assert.equal(await rejectedCode(machine.gateway.configuration.apply(both, null, 7)), 'PLAN_PENDING');
  machine.now += 59_000;
  await machine.gateway.tick(machine.now);
  assert.notDeepEqual(look(machine), before);
  machine.now += 1000;
  await machine.gateway.tick(machine.now);
  assert.deepEqual(look(machine), before);
  assert.deepEqual(
    machine.host.calls.filter((call) => /Interface/.test(call)),
    [],
  );
  const resumed = machine.datapath.current.inbound.find(({ spi }) => spi === 2001);
  assert.equal(resumed?.initialSequence, 500 + 65_536);
  const { pending, lastRevert } = machine.gateway.configuration.pending();
  assert.deepEqual([pending, lastRevert], [null, { atMs: machine.now, why: 'unconfirmed', problem: null }]);
});

test('a confirmed change stays, and what it removed goes for good', async () => {
  const machine = new FakeMachine();
  await apply(machine, both);
  await apply(machine, onlyFirst, 60_000);
  assert.ok(machine.host.devices.has('ipsec1'));
  await machine.gateway.configuration.confirm();
  assert.ok(!machine.host.devices.has('ipsec1'));
  machine.now += 120_000;
  await machine.gateway.tick(machine.now);
  assert.deepEqual(
    machine.gateway.status().interfaces.map(({ name }) => name),
    ['ipsec0'],
  );
  assert.equal(await rejectedCode(machine.gateway.configuration.confirm()), 'PLAN_NOT_PENDING');
});

test('what a change had added goes with its devices when it is taken back, also where that is tried again', async () => {
  const machine = new FakeMachine();
  await apply(machine, onlyFirst);
  const before = machine.host.view();
  for (const isFailing of [false, true, false]) {
    await apply(machine, both, 10_000);
    assert.notDeepEqual(machine.host.view(), before);
    if (isFailing) {
      machine.datapath.check = () => {
        machine.datapath.check = () => undefined;
        throw new Error('the workers do not take it over');
      };
      await assert.rejects(machine.gateway.configuration.revert(), /do not take it over/);
    }
    await machine.gateway.configuration.revert();
    assert.deepEqual(machine.host.view(), before);
  }
});

test('a way back that fails is tried again', async () => {
  const machine = new FakeMachine();
  await apply(machine, onlyFirst);
  const before = look(machine);
  await apply(machine, files({ 'ifconfig.ipsec0': if0.replace('up', 'mtu 1400\nup') }), 1000);
  machine.now += 1000;
  machine.host.failAfter = 0;
  await machine.gateway.tick(machine.now);
  assert.equal(machine.gateway.configuration.pending().lastRevert?.problem?.code, 'HOST_FAILED');
  machine.now += 10_000;
  await machine.gateway.tick(machine.now);
  assert.deepEqual(look(machine), before);
});

test('what comes to be in between is left alone by the way back', async () => {
  const machine = new FakeMachine();
  await apply(machine, onlyFirst);
  await apply(machine, files({ 'ipsec.conf': keysOf('10.0.0.2', 16385, 1000, '2') }), 60_000);
  await machine.gateway.createInterface('ipsec9');
  await machine.gateway.configuration.revert();
  assert.deepEqual(
    machine.gateway.status().interfaces.map(({ name }) => name),
    ['ipsec0', 'ipsec9'],
  );
  assert.match(await machine.gateway.dumpSetkey('associations', true), /11111111/);
});

test('what profiles hold is left alone, and files that declare it are refused', async () => {
  const machine = new FakeMachine();
  await apply(machine, both);
  const held = machine.gateway.status().associations.filter(({ spi }) => spi >= 2000);
  machine.gateway.configuration.holdBy(() => ({
    interfaces: new Set(['ipsec1']),
    associations: new Set(held.map(({ id }) => id)),
  }));
  const plan = await apply(machine, onlyFirst);
  assert.deepEqual([plan.interfaces, plan.associations], [[], []]);
  const { problems } = await machine.gateway.configuration.plan(both, 'to-files');
  assert.match(problems[0]?.message ?? '', /ipsec1 belongs to a profile/);
});

test('two interfaces change places', async () => {
  const machine = new FakeMachine();
  await apply(machine, both);
  const swapped = files({ 'ifconfig.ipsec0': if1, 'ifconfig.ipsec1': if0 });
  await apply(machine, swapped);
  assert.deepEqual(
    machine.gateway.status().interfaces.map(({ name, tunnel }) => [name, tunnel?.peer]),
    [
      ['ipsec0', '10.0.0.3'],
      ['ipsec1', '10.0.0.2'],
    ],
  );
});

test('policies are put in the order of the text', async () => {
  const machine = new FakeMachine();
  const one = 'spdadd 1.1.1.1 2.2.2.2 any -P out none;\n';
  const two = 'spdadd 1.1.1.1 2.2.2.0/24 any -P out discard;\n';
  await apply(machine, files({ p: one + two }));
  const order = () => machine.gateway.status().policies.map(({ destination }) => destination);
  assert.deepEqual(order(), ['2.2.2.2/32', '2.2.2.0/24']);
  await apply(machine, files({ p: two + one }));
  assert.deepEqual(order(), ['2.2.2.0/24', '2.2.2.2/32']);
});

test('from the files to the machine is the same plan the other way', async () => {
  const machine = new FakeMachine();
  await apply(machine, both);
  const { plan } = await machine.gateway.configuration.plan(onlyFirst, 'from-files');
  assert.deepEqual(
    plan?.interfaces.map(({ fate, name }) => [fate, name]),
    [['added', 'ipsec1']],
  );
});
