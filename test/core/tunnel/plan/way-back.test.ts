import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { parseSpi } from '#core/sad/spi.ts';
import { machineState } from '#core/tunnel/plan/machine-state.ts';
import { comparePlan } from '#core/tunnel/plan/plan.ts';
import { scratchDatabases } from '#core/tunnel/plan/read-desired.ts';
import { forgetKeys, wayBack, withoutHeld } from '#core/tunnel/plan/way-back.ts';
import type { DesiredState } from '#core/tunnel/plan/desired-state.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import { testAssociation, testUsage } from '#test/support/associations.ts';

const [local, peer] = [parseIpAddress('192.0.2.1'), parseIpAddress('192.0.2.2')];

function start(hasEsn = false): Databases {
  const databases = scratchDatabases();
  databases.ipsecif.create('ipsec0');
  databases.ipsecif.setTunnel('ipsec0', { local, peer, localPort: 0, peerPort: 0 });
  databases.sad.add(testAssociation(1000, { hasEsn }), 0, 0);
  databases.sad.add(testAssociation(1001, { source: peer, destination: local, spi: parseSpi(1001) }), 0, 0);
  return databases;
}

/** The way back from a change, after every association has sent or received `sequence` packets. */
function back(databases: Databases, change: () => void, sequence = 0): DesiredState {
  const before = machineState(databases);
  change();
  return wayBack(before, comparePlan(before, machineState(databases)), () => testUsage({ sequence }));
}

test('only what the change touched comes back, and what it brought goes', () => {
  const databases = start();
  const desired = back(databases, () => {
    databases.ipsecif.create('ipsec9');
    databases.sad.add(testAssociation(2000), 0, 0);
  });
  assert.deepEqual([desired.interfaces, desired.associations, desired.policies], [[], [], []]);
  assert.deepEqual(desired.gone, {
    interfaces: new Set(['ipsec9']),
    associations: new Set(['192.0.2.2 2000']),
    policies: 'none',
  });
});

test('sending goes on well behind the last number, and never past the end; receiving where it was', () => {
  const resumed = (hasEsn: boolean, sequence: number): (readonly [number, number])[] => {
    const databases = start(hasEsn);
    const remove = (): void => {
      for (const each of [...databases.sad.all()]) databases.sad.delete(each);
    };
    return back(databases, remove, sequence)
      .associations.map(({ spec, resumeAt }) => [spec.spi, resumeAt] as const)
      .sort(([left], [right]) => left - right);
  };
  assert.deepEqual(resumed(false, 500), [
    [1000, 500 + 65_536],
    [1001, 500],
  ]);
  assert.deepEqual(resumed(false, 0), [
    [1000, 0],
    [1001, 0],
  ]);
  assert.equal(resumed(false, 0xffffff00)[0]?.[1], 0xffffffff);
  assert.equal(resumed(true, 0xffffff00)[0]?.[1], 0xffffff00 + 65_536);
});

test('keys are copies that outlive the SAD’s own, until they are forgotten', () => {
  const databases = start();
  const gone = [...databases.sad.all()];
  const desired = back(databases, () => {
    for (const each of gone) databases.sad.delete(each);
  });
  for (const each of gone) each.encryptionKey.wipe();
  const keys = desired.associations.map(({ spec }) => spec.encryptionKey);
  assert.deepEqual(
    keys.map((key) => key.reveal()[0]),
    [7, 7],
  );
  forgetKeys(desired);
  for (const key of keys) assert.ok(!isTold(() => key.reveal()));
});

/** Whether a key still tells what it was. */
function isTold(reveal: () => Uint8Array): boolean {
  try {
    return reveal().some((byte) => byte !== 0);
  } catch {
    return false;
  }
}

test('what a profile holds by now is not taken back', () => {
  const databases = start();
  const desired = back(databases, () => databases.ipsecif.destroy('ipsec0'));
  assert.equal(desired.interfaces.length, 1);
  const held = { interfaces: new Set(['ipsec0']), associations: new Set<number>() };
  assert.equal(withoutHeld(desired, held).interfaces.length, 0);
});
