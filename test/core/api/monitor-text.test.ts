/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiEvent } from '#core/api/event.ts';
import { formatEvent, formatShort } from '#core/api/monitor-text.ts';

const ends = { source: '192.0.2.1', destination: '198.51.100.1', reqid: 16386, atMs: 1000, dropped: 0 };

test('an event is a line, with the time in front where it is asked for', () => {
  const expire: ApiEvent = {
    kind: 'expire',
    ...ends,
    hardness: 'soft',
    limit: 'bytes',
    protocol: 'esp',
    spi: 10001,
  };
  const text = 'SADB_EXPIRE 192.0.2.1 198.51.100.1 esp spi=10001(0x00002711) soft limit=bytes reqid=16386\n';
  assert.equal(formatEvent(expire, false), text);
  assert.equal(formatEvent(expire, true), `Jan  1 00:00:01 1970 ${text}`);
  const acquire: ApiEvent = { kind: 'acquire', ...ends, interface: 'ipsec0', spid: 2, family: 4, sequence: 7 };
  assert.equal(
    formatEvent(acquire, false),
    'SADB_ACQUIRE 192.0.2.1 198.51.100.1 ipsec0 ipv4 spid=2 seq=7 reqid=16386\n',
  );
});

test('an audited drop is a line, with a dash for what the packet did not show', () => {
  const { source, destination, atMs, dropped } = ends;
  const audit: ApiEvent = {
    ...{ kind: 'audit', atMs, dropped, reason: 'authFail', interface: 'ipsec0', source, destination },
    ...{ spi: 10001, sequence: 7, flowLabel: null, packets: 3 },
  };
  assert.equal(
    formatEvent(audit, false),
    'AUDIT 192.0.2.1 198.51.100.1 ipsec0 spi=10001(0x00002711) seq=7 reason=authFail packets=3\n',
  );
  assert.equal(
    formatEvent({ ...audit, interface: null, spi: null, sequence: null, flowLabel: 5, reason: 'fragment' }, false),
    'AUDIT 192.0.2.1 198.51.100.1 - spi=- seq=- flow=5 reason=fragment packets=3\n',
  );
});

test('what changes associations and policies is told in PF_KEY’s words, with who did it', () => {
  const told = (event: object): string => formatEvent({ ...event, atMs: 0, dropped: 0 } as ApiEvent, false);
  const association = {
    kind: 'association',
    pid: 412,
    source: '192.0.2.1',
    destination: '198.51.100.1',
    protocol: 'esp',
    spi: 10001,
  } as const;
  const full = { ...association, reqid: 16386, mode: 'transport' } as const;
  const policy = {
    ...{ kind: 'policy', pid: 412, spid: 9, direction: 'out', action: 'protect' },
    ...{ source: '10.0.0.0/8', destination: '192.0.2.1/32', sourcePort: 0, destinationPort: 80, upperProtocol: 6 },
  } as const;
  const cases = [
    [
      { ...full, change: 'add' },
      'SADB_ADD 192.0.2.1 198.51.100.1 esp spi=10001(0x00002711) mode=transport reqid=16386 pid=412',
    ],
    [
      { ...full, change: 'update' },
      'SADB_UPDATE 192.0.2.1 198.51.100.1 esp spi=10001(0x00002711) mode=transport reqid=16386 pid=412',
    ],
    [
      { ...full, change: 'getspi', reqid: 0, mode: 'any' },
      'SADB_GETSPI 192.0.2.1 198.51.100.1 esp spi=10001(0x00002711) mode=any reqid=0 pid=412',
    ],
    [
      { ...association, change: 'delete', reqid: null, mode: null },
      'SADB_DELETE 192.0.2.1 198.51.100.1 esp spi=10001(0x00002711) pid=412',
    ],
    [
      { ...association, change: 'delete', spi: null, reqid: null, mode: null },
      'SADB_DELETE 192.0.2.1 198.51.100.1 esp spi=all pid=412',
    ],
    [{ kind: 'flush', what: 'associations', pid: 412 }, 'SADB_FLUSH pid=412'],
    [{ kind: 'flush', what: 'policies', pid: 412 }, 'SADB_X_SPDFLUSH pid=412'],
    [{ ...policy, change: 'add' }, 'SADB_X_SPDADD 10.0.0.0/8[any] 192.0.2.1[80] 6(tcp) out ipsec spid=9 pid=412'],
    [
      { ...policy, change: 'update', action: 'bypass' },
      'SADB_X_SPDUPDATE 10.0.0.0/8[any] 192.0.2.1[80] 6(tcp) out none spid=9 pid=412',
    ],
    [
      { ...policy, change: 'delete', action: 'discard' },
      'SADB_X_SPDDELETE 10.0.0.0/8[any] 192.0.2.1[80] 6(tcp) out discard spid=9 pid=412',
    ],
  ] as const;
  for (const [event, line] of cases) assert.equal(told(event), `${line}\n`);
});

test('associations in short: the time, and a line for each', () => {
  assert.equal(formatShort({ nowMs: 1000, associations: [] }), 'Jan  1 00:00:01 1970\n\n');
});
