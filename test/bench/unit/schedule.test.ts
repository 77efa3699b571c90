/**
 * Which probes visit whom.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Contender, Role } from '../contender.ts';
import { planVisits } from '../schedule.ts';

function probesOf(role: Role, isQuick: boolean): string[] {
  const contender: Contender = {
    ...{ name: 'x', label: 'x', role },
    obstacle: () => Promise.resolve(null),
    start: () => Promise.reject(new Error('never')),
  };
  return planVisits(isQuick).flatMap(({ probe, visits }) => (visits(contender) ? [probe.name] : []));
}

test('a full run measures everything of every tunnel, and less of the variants', () => {
  assert.equal(probesOf('own', false).length, planVisits(false).length);
  assert.deepEqual(probesOf('peer', false), probesOf('own', false));
  assert.deepEqual(probesOf('variant', false), ['TCP, 1 stream, A to B', 'UDP, 64 bytes', 'round trip, idle']);
});

test('a quick run has what the ratios need', () => {
  for (const name of ['TCP, 1 stream, A to B', 'UDP, 64 bytes', 'round trip, idle']) {
    assert.ok(probesOf('own', true).includes(name) && probesOf('peer', true).includes(name), name);
  }
  assert.ok(probesOf('bound', true).includes('round trip, idle'), 'added round trips are added to the veth’s');
  assert.deepEqual(probesOf('variant', true), ['TCP, 1 stream, A to B']);
});
