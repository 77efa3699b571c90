import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { ConnectionLimit } from '#core/cli/ui/connection-limit.ts';

function serverWith(most: number): { limit: ConnectionLimit; connect: () => PassThrough } {
  const server = new EventEmitter();
  const limit = new ConnectionLimit(server as Server, most);
  return {
    limit,
    connect: () => {
      const socket = new PassThrough();
      server.emit('connection', socket);
      return socket;
    },
  };
}

test('one connection too many ends the oldest, and the newcomer stays', () => {
  const { limit, connect } = serverWith(2);
  const sockets = [connect(), connect(), connect()];
  assert.deepEqual(
    sockets.map(({ destroyed }) => destroyed),
    [true, false, false],
  );
  assert.equal(limit.count, 2);
});

test('a window stays, whoever comes, and among windows alone a newcomer goes', () => {
  const { limit, connect } = serverWith(2);
  const windows = [connect(), connect()];
  for (const window of windows) limit.admit(window);
  assert.equal(connect().destroyed, true);
  assert.ok(windows.every(({ destroyed }) => !destroyed));
});

test('a connection that has ended counts no more', async () => {
  const { limit, connect } = serverWith(2);
  const [first, second] = [connect(), connect()];
  const closed = new Promise((resolve) => first.once('close', resolve));
  first.destroy();
  await closed;
  assert.equal(limit.count, 1);
  connect();
  assert.equal(second.destroyed, false);
});
