import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimelineEntryView } from '#core/api/desktop-contract.ts';
import { cutIntoDays, filterTimeline, joinTimeline } from '#renderer/state/timeline-view.ts';

function entry(id: number, changes: Partial<TimelineEntryView> = {}): TimelineEntryView {
  return {
    ...{ id, atMs: id * 1000, severity: 'note', kind: 'interface-up', interface: 'ipsec0' },
    ...{ text: 'ipsec0 was set up.', details: {}, ...changes },
  };
}

test('what was pushed stands before what was listed, newest first and once', () => {
  const pushed = [2, 3, 4].map((id) => ({ kind: 'timeline' as const, atMs: id, dropped: 0, entry: entry(id) }));
  const joined = joinTimeline([entry(2), entry(1)], pushed);
  assert.deepEqual(
    joined.map(({ id }) => id),
    [4, 3, 2, 1],
  );
});

test('severities let through what is as bad or worse', () => {
  const entries = [entry(1), entry(2, { severity: 'attention' }), entry(3, { severity: 'fault' })];
  const ids = (severity: 'all' | 'attention' | 'fault'): number[] =>
    filterTimeline(entries, severity, null).map(({ id }) => id);
  assert.deepEqual([ids('all'), ids('attention'), ids('fault')], [[1, 2, 3], [2, 3], [3]]);
});

test('a tunnel’s entries are those of its interface and of its profile', () => {
  const entries = [
    entry(1),
    entry(2, { interface: 'ipsec1' }),
    entry(3, { interface: null, details: { profile: 'Kyoto office' } }),
  ];
  const shown = filterTimeline(entries, 'all', { interfaceName: 'ipsec0', name: 'Kyoto office' });
  assert.deepEqual(
    shown.map(({ id }) => id),
    [1, 3],
  );
});

test('days have their entries in order', () => {
  const days = cutIntoDays([entry(3), entry(2), entry(1)], (atMs) => (atMs > 1000 ? 'today' : 'yesterday'));
  assert.deepEqual(
    days.map(({ day, entries }) => [day, entries.length]),
    [
      ['today', 2],
      ['yesterday', 1],
    ],
  );
});
