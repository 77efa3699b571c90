import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSchema, toApiEvent } from '#core/api/event.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import type { GatewayEvent } from '#core/tunnel/event/gateway-event.ts';

const ends = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('2001:db8::1'), reqid: 16385 };
const events: GatewayEvent[] = [
  { kind: 'expire', atMs: 1, hardness: 'hard', limit: 'packets', ...ends, protocol: 'esp-udp', spi: 0xffffffff },
  { kind: 'acquire', atMs: 1, interface: 'ipsec0', spid: 4, ...ends, family: 6, sequence: 1 },
  {
    ...{ kind: 'audit', atMs: 1, reason: 'noSa', interface: null, spi: 0, sequence: null, flowLabel: 0xfffff },
    ...{ source: ends.source, destination: ends.destination, packets: 7 },
  },
];

test('every event fits the schema, whole', () => {
  for (const event of events) assert.deepEqual(eventSchema.parse(toApiEvent(event, 3)), { ...event, dropped: 3 });
});
