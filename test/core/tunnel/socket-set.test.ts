import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#core/base/port.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import type { SocketSpec } from '#core/tunnel/port/host-port.ts';
import { socketKey } from '#core/tunnel/interface-plan.ts';
import { SocketSet } from '#core/tunnel/socket-set.ts';
import { Transaction } from '#core/tunnel/transaction.ts';
import { FakeHost } from '#test/support/fake-machine.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

const udp = (localPort: number): SocketSpec => ({
  kind: 'udp',
  family: 4,
  localAddress: parseIpAddress('10.0.0.1'),
  localPort,
});
const wanted = (...ports: number[]): Map<string, SocketSpec> =>
  new Map(ports.map((port) => [socketKey(udp(port)), udp(port)]));

test('closes a socket only when a snapshot without it is applied', async () => {
  const host = new FakeHost();
  const sockets = new SocketSet(host, silentLog);
  await sockets.open(wanted(1, 2), new Transaction());
  sockets.use(wanted(1), 5);
  assert.equal(sockets.tokenOf(udp(2)), -1);
  await sockets.collect(4);
  assert.equal(host.sockets.size, 2);
  await sockets.collect(5);
  assert.deepEqual([...host.sockets.values()], ['udp 10.0.0.1 1']);
});

test('keeps a socket that is wanted again before it was closed', async () => {
  const host = new FakeHost();
  const sockets = new SocketSet(host, silentLog);
  await sockets.open(wanted(1), new Transaction());
  const token = sockets.tokenOf(udp(1));
  sockets.use(wanted(), 5);
  await sockets.open(wanted(1), new Transaction());
  sockets.use(wanted(1), 6);
  await sockets.collect(6);
  assert.equal(sockets.tokenOf(udp(1)), token);
  assert.equal(host.calls.length, 1);
});

test('a rolled-back transaction closes what it opened and nothing else', async () => {
  const host = new FakeHost();
  const sockets = new SocketSet(host, silentLog);
  await sockets.open(wanted(1), new Transaction());
  const transaction = new Transaction();
  host.failAfter = 1;
  assert.equal(await rejectedCode(sockets.open(wanted(1, 2, 3), transaction)), 'HOST_FAILED');
  await transaction.rollback(silentLog);
  assert.deepEqual([...host.sockets.values()], ['udp 10.0.0.1 1']);
});
