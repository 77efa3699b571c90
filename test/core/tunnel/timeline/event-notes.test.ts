/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import type { ProfileEvent } from '#core/tunnel/profile/profile-event.ts';
import { EventNotes } from '#core/tunnel/timeline/event-notes.ts';
import { Timeline } from '#core/tunnel/timeline/timeline.ts';

const ends = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('192.0.2.2'), reqid: 1 };

function notes(): { notes: EventNotes; kinds: () => string[]; timeline: Timeline } {
  const timeline = new Timeline();
  return {
    notes: new EventNotes(timeline, (source) => (source === ends.source ? 'ipsec0' : null)),
    timeline,
    kinds: () => timeline.list(null, 99).map(({ kind }) => kind),
  };
}

test('lifetimes are told by how hard the limit is', () => {
  const { notes: noted, kinds, timeline } = notes();
  for (const hardness of ['soft', 'hard', 'unused'] as const) {
    noted.note({ kind: 'expire', atMs: 1, hardness, limit: 'addSeconds', ...ends, protocol: 'esp', spi: 4096 });
  }
  assert.deepEqual(kinds(), ['key-unused', 'key-expired', 'key-expires-soon']);
  assert.equal(timeline.list('ipsec0', 9).length, 3);
  assert.match(timeline.list(null, 1)[0]?.text ?? '', /192\.0\.2\.1 → 192\.0\.2\.2, SPI 0x00001000/);
});

test('packets without a key are told once a minute and interface', () => {
  const { notes: noted, kinds } = notes();
  const acquire = { kind: 'acquire', spid: 1, ...ends, family: 4, sequence: 1 } as const;
  for (const atMs of [0, 30_000, 59_999, 60_000]) noted.note({ ...acquire, interface: 'ipsec0', atMs });
  noted.note({ ...acquire, interface: 'ipsec1', atMs: 60_001 });
  assert.equal(kinds().length, 3);
});

test('a phase of a profile is told when it changes, not each time that its tunnel does', () => {
  const { notes: noted, kinds } = notes();
  const tell = (phase: ProfileEvent['phase'], change: ProfileEvent['change'] = 'state'): void =>
    noted.noteProfile({ kind: 'profile', atMs: 1, change, id: '7', name: 'office', phase, tunnelState: null });
  tell('off', 'created');
  tell('off');
  tell('starting');
  tell('on');
  tell('on');
  tell('off');
  tell('off', 'deleted');
  assert.deepEqual(kinds().reverse(), [
    ...['profile-created', 'profile-starting', 'profile-on', 'profile-off', 'profile-deleted'],
  ]);
});
