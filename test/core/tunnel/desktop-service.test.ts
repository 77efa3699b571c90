/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import type { CheckId } from '#core/tunnel/verify/check-registry.ts';
import type { CheckResult } from '#core/tunnel/verify/check-result.ts';
import { buildDesktop, type Desktop } from '#test/support/desktop.ts';
import { establishTunnel } from '#test/support/establish-tunnel.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';

const far = parseIpAddress('172.16.200.1');

async function established(): Promise<Desktop> {
  const made = buildDesktop();
  await establishTunnel(made.network, { outer: 4 });
  await made.pass(2);
  return made;
}

async function ladder(made: Desktop, name = 'ipsec0'): Promise<Map<CheckId, CheckResult>> {
  const { checks } = await made.desktop.verify(name, null);
  return new Map(checks.map((check) => [check.id, check]));
}

function states(checks: ReadonlyMap<CheckId, CheckResult>): string {
  return [...checks.values()].map(({ id, state }) => `${id}:${state}`).join(' ');
}

test('traffic is in the history a second later, in rates, and a span before the interface is a gap', async () => {
  const made = await established();
  made.network.a.router.ping(far, { source: parseIpAddress('172.16.100.1'), count: 4 });
  await made.pass(1);
  const { stepMs, points } = made.desktop.history('ipsec0', '1min');
  assert.deepEqual([stepMs, points.length], [1000, 60]);
  const last = points.at(-1);
  assert.ok(
    last !== undefined && last.outPackets !== null && last.outPackets > 3 && last.outPackets <= 4,
    JSON.stringify(last),
  );
  assert.equal(last.outPackets, last.inPackets);
  assert.equal(points[0]?.outPackets, null);
  assert.throws(() => made.desktop.history('ipsec7', '1min'), { code: 'INTERFACE_NOT_FOUND' });
});

test('the timeline tells of a tunnel from its making to its silence, and what a chart marks of it', async () => {
  const made = await established();
  const { gateway, router } = made.network.a;
  const told: string[] = [];
  made.desktop.subscribe(({ entry }) => void told.push(entry.kind));
  router.ping(far, { source: parseIpAddress('172.16.100.1') });
  await made.pass(1);
  await gateway.setFlags('ipsec0', { link1: true, isUp: false });
  await made.pass(1);
  await gateway.flushAssociations();
  await made.pass(1);
  await gateway.destroyInterface('ipsec0');
  await made.pass(1);
  assert.deepEqual(told, [
    'tunnel-up',
    ...['interface-down', 'flags-changed', 'tunnel-off'],
    ...Array<string>(4).fill('keys-gone'),
    'interface-destroyed',
  ]);
  const events = made.desktop.timeline('ipsec0', 2000);
  assert.equal(events.at(-1)?.kind, 'interface-created');
  assert.equal(events.find(({ kind }) => kind === 'flags-changed')?.text, 'ipsec0: flags changed: link1 on.');
  assert.deepEqual(made.desktop.timeline(null, 1), events.slice(0, 1));
  assert.deepEqual(made.desktop.timeline('ipsec1', 5), []);
});

test('marks of a history are the entries of the span that a chart draws, oldest first', async () => {
  const made = await established();
  await made.network.a.gateway.setFlags('ipsec0', { link1: true });
  await made.pass(1);
  await made.network.a.gateway.setFlags('ipsec0', { isUp: false });
  await made.pass(1);
  const kinds = (): string[] => made.desktop.history('ipsec0', '1min').marks.map(({ kind }) => kind);
  assert.deepEqual(kinds(), ['state', 'flags', 'state', 'state']);
  await made.pass(61);
  assert.deepEqual(kinds(), []);
});

test('a machine that slept leaves a gap in the history and an entry in the timeline', async () => {
  const made = await established();
  made.network.clock.advance(3_600_000);
  await made.pass(2);
  const [entry] = made.desktop.timeline(null, 5).filter(({ kind }) => kind === 'machine-slept');
  assert.equal(entry?.text, 'The machine slept, or the helper stood still, for 1 h.');
  const values = made.desktop.history('ipsec0', '15min').points.map(({ inBytes }) => inBytes);
  assert.equal(values.at(-1), 0);
  assert.ok(values.slice(0, -1).every((value) => value === null));
});

test('every rung of a tunnel that works passes, the largest packet included', async () => {
  const made = await established();
  const checks = await ladder(made);
  assert.ok(
    [...checks.values()].every(({ state }) => state === 'passed'),
    states(checks),
  );
  assert.equal(checks.get('path-mtu')?.evidence, 'A packet of 1280 bytes passed.');
});

test('a peer that is not there fails at "heard", with what to look at', async () => {
  const made = await established();
  await made.network.b.gateway.setFlags('ipsec0', { isUp: false });
  const checks = await ladder(made);
  assert.equal(checks.get('sent')?.state, 'passed');
  assert.equal(checks.get('heard')?.state, 'failed');
  assert.match(checks.get('heard')?.remedy ?? '', /IP protocol 50/);
  assert.deepEqual([checks.get('authentic')?.state, checks.get('ping')?.state], ['skipped', 'skipped']);
});

test('keys that differ fail at "authentic": something is heard, and it is not what we agreed on', async () => {
  const made = await established();
  const { gateway } = made.network.a;
  const status = gateway.status();
  const inbound = status.associations.filter(({ destination }) => destination === '203.0.113.1');
  for (const { source, destination, spi, reqid } of inbound) {
    const key = `-E aes-gcm-16 0x${'77'.repeat(36)}`;
    const run = await gateway.runSetkey(
      `delete ${source} ${destination} esp ${spi}; add ${source} ${destination} esp ${spi} -u ${reqid} ${key};`,
      'file',
      1,
    );
    assert.deepEqual(run.errors, []);
  }
  const checks = await ladder(made);
  assert.equal(checks.get('heard')?.state, 'passed', states(checks));
  assert.equal(checks.get('authentic')?.state, 'failed', states(checks));
  assert.match(checks.get('authentic')?.meaning ?? '', /keys of the two ends differ/);
  assert.doesNotMatch(JSON.stringify([...checks]), /7777/);
});

test('without keys the ladder stops there, without a tunnel at its foot', async () => {
  const made = await established();
  await made.network.a.gateway.flushAssociations();
  const keyless = await ladder(made);
  assert.equal(keyless.get('keys')?.state, 'failed');
  assert.equal(keyless.get('sent')?.state, 'skipped');
  await made.network.a.gateway.deleteTunnel('ipsec0');
  const bare = await ladder(made);
  assert.equal(bare.get('config')?.state, 'failed');
  await assert.rejects(made.desktop.verify('nothing', null), { code: 'PROFILE_NOT_FOUND' });
});

test('a profile is checked by its name: while it is off, that is what is wrong', async () => {
  const made = buildDesktop();
  made.profiles.create(exampleProfile(), exampleSecrets);
  const checks = await ladder(made, 'office');
  assert.equal(checks.get('config')?.state, 'failed');
  assert.equal(checks.get('config')?.remedy, "Bring it up: culvert up 'office'.");
});

test('a packet that the path swallows for its size is found, and an MTU that passes is named', async () => {
  const made = await established();
  const { gateway } = made.network.a;
  const ping = made.survey.ping.bind(made.survey);
  made.survey.ping = async (request) => (request.payloadBytes + 28 > 1111 ? { kind: 'silent' } : ping(request));
  await gateway.setMtu('ipsec0', 1400);
  const check = (await ladder(made)).get('path-mtu');
  assert.equal(check?.state, 'failed');
  const found = Number(/mtu (\d+)/.exec(check?.remedy ?? '')?.[1]);
  assert.ok(found <= 1111 && found > 1111 - 33, String(found));
});

test('a replay window is told of those that check: what came, to the number, and nothing of what we send', async () => {
  const made = await established();
  made.network.b.router.ping(parseIpAddress('172.16.100.1'), { source: far, count: 3 });
  await made.pass(4);
  const { associations } = made.network.a.gateway.status();
  const windows = await made.desktop.replayWindows([...associations.map(({ id }) => id), 4711]);
  const own = made.network.a.gateway.status().interfaces[0]?.tunnel?.local;
  const inbound = associations.filter(({ destination, replayBytes }) => destination === own && replayBytes > 0);
  const ids = (of: readonly { readonly id: number }[]): number[] => of.map(({ id }) => id).toSorted();
  assert.deepEqual(ids(windows), ids(inbound));
  assert.ok(windows.some(({ lastSequence }) => lastSequence >= 3));
  for (const { id, size, lastSequence, bits } of windows) {
    const association = associations.find((one) => one.id === id);
    assert.equal(size, (association?.replayBytes ?? 0) * 8);
    assert.equal(lastSequence, association?.usage.sequence);
    assert.equal(bits.length, size / 4);
    assert.equal(BigInt(`0x${bits}`), 2n ** BigInt(lastSequence) - 1n);
  }
});
