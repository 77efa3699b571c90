import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiEvent } from '#core/api/event.ts';
import { NoticeBoard } from '#electron/main/notice.ts';

type Profile = Extract<ApiEvent, { kind: 'profile' }>;

function event(phase: Profile['phase'], tunnelState: Profile['tunnelState']): ApiEvent {
  return {
    kind: 'profile',
    atMs: 1,
    dropped: 0,
    change: 'state',
    id: 'a',
    name: 'office',
    phase,
    tunnelState,
  } as never;
}

test('a tunnel that has stopped to work is told once, and again only after it worked', () => {
  const board = new NoticeBoard();
  assert.equal(board.tell(event('on', 'up'), 'trouble'), null);
  assert.equal(board.tell(event('on', 'hears-nothing'), 'trouble')?.title, 'office: hears nothing');
  assert.equal(board.tell(event('on', 'hears-nothing'), 'trouble'), null);
  assert.equal(board.tell(event('on', 'up'), 'trouble'), null);
  assert.equal(board.tell(event('on', 'hears-nothing'), 'trouble')?.target, 'office');
});

test('the level decides: everything, trouble alone, or nothing', () => {
  assert.equal(new NoticeBoard().tell(event('on', 'up'), 'all')?.title, 'office: up');
  assert.equal(new NoticeBoard().tell(event('failed', null), 'trouble')?.title, 'office: failed');
  assert.equal(new NoticeBoard().tell(event('failed', null), 'none'), null);
});

test('what is on its way, and a tunnel that was never seen up, is no news', () => {
  assert.equal(new NoticeBoard().tell(event('starting', null), 'all'), null);
  assert.equal(new NoticeBoard().tell(event('off', null), 'all'), null);
  assert.equal(new NoticeBoard().tell({ kind: 'flush', atMs: 1, dropped: 0, pid: 1, what: 'policies' }, 'all'), null);
});
