/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiEvent } from '#core/api/event.ts';
import { formatEvent, formatShort } from '#core/cli/setkey-monitor.ts';

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

test('associations in short: the time, and a line for each', () => {
  assert.equal(formatShort({ nowMs: 1000, associations: [] }), 'Jan  1 00:00:01 1970\n\n');
});
