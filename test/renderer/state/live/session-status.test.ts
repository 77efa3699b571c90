import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Watched } from '#core/api/watch/watch-contract.ts';
import { withStatus } from '#renderer/state/live/session-status.ts';
import { currentRate } from '#renderer/state/rates.ts';
import { createSession, type Session } from '#renderer/state/session.ts';
import { counted, watched } from '#test/core/api/watch/example-watched.ts';
import { exampleInterface } from '#test/core/cli/fake-helper.ts';

const atMs = 50_000;

const fresh: Session = createSession({
  call: () => Promise.reject(new Error('nobody is asked')),
  listen: () => () => {},
}).getState();

/** What a status that came at `when` of the page's clock makes of a session. */
function after(last: Session, status: Watched, sinceMs: number | null, when = atMs): Session {
  return { ...last, ...withStatus(last, { number: 1, canOperate: true, status }, sinceMs, when) };
}

test('the parts of a status are where the window looks for them', () => {
  const setAside = [{ file: 'home.json', reason: 'broken' as const, message: 'it is broken' }];
  const session = after(fresh, watched(60_000, { setAside }), null);
  assert.equal(session.canOperate, true);
  assert.deepEqual(session.setAside, setAside);
  assert.equal(session.status?.nowMs, 60_000);
  assert.deepEqual([session.measuredMs, session.aheadMs], [atMs, 10_000]);
});

test('a status in which only the time is new stays the same object, so that nothing is drawn again', () => {
  const first = watched(60_000);
  const session = after(fresh, first, null);
  const second = after(session, { ...first, nowMs: 65_000 }, 65_000, atMs + 5000);
  assert.equal(second.status, session.status);
  assert.equal(second.measuredMs, atMs + 5000, 'it is known to be so still');
  const third = after(second, { ...first, nowMs: 66_000, drops: [{ reason: 'outNoSa', packets: 9 }] }, 65_000);
  assert.notEqual(third.status, session.status);
  assert.equal(third.status?.drops[0]?.packets, 9);
});

test('clocks that are a quarter of a second apart are together; more is taken over', () => {
  const session = after(fresh, watched(60_000), null);
  assert.equal(after(session, watched(61_000), null, atMs + 800).aheadMs, 10_000);
  assert.equal(after(session, watched(61_000), null, atMs + 1249).aheadMs, 10_000);
  assert.equal(after(session, watched(61_000), null, atMs + 600).aheadMs, 10_400);
  assert.equal(after(session, watched(61_000), null, atMs + 1500).aheadMs, 9500);
});

test('rates are told from two statuses and the time until which the first one held', () => {
  const { name } = exampleInterface;
  const session = after(fresh, counted(60_000, 1000), null);
  const next = after(session, counted(70_000, 6000), 69_000, atMs + 10_000);
  assert.equal(currentRate(next.rates, name)?.outBytes, 5000);
});

test('a beginning anew tells no rate of a time that nobody watched', () => {
  const session = after(fresh, counted(60_000, 1000), null);
  const again = after(session, counted(60_000, 1000), null, atMs + 10);
  assert.equal(again.status?.nowMs, 60_000);
  assert.equal(currentRate(again.rates, exampleInterface.name), null);
});
