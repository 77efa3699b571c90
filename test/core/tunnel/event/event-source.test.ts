import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { EventSource } from '#core/tunnel/event/event-source.ts';
import type { GatewayEvent } from '#core/tunnel/event/gateway-event.ts';
import { ip } from '#test/support/test-datapath.ts';
import { tunnelBench } from '#test/support/tunnel-bench.ts';

function bench(record: Interface | null): {
  source: EventSource;
  heard: GatewayEvent[];
  lines: unknown[];
  end: () => void;
} {
  const lines: unknown[] = [];
  const heard: GatewayEvent[] = [];
  const write = (message: string, fields: unknown): void => void lines.push([message, fields]);
  const source = new EventSource({
    clock: { now: () => 1000 },
    log: { info: write, warn: write, error: write },
    interfaceOf: (slot) => (slot === 3 ? record : null),
  });
  return { source, heard, lines, end: source.subscribe((event) => void heard.push(event)) };
}

test('an acquire names interface, policy, addresses, reqid and inner family, once for a burst', () => {
  const { record } = tunnelBench({}, []);
  const { source, heard, lines } = bench(record);
  for (const spid of [2, 2, 4]) source.acquire({ kind: 'acquire', interfaceSlot: 3, spid });
  const ends = { source: '192.0.2.1', destination: '192.0.2.2' };
  assert.deepEqual(heard, [
    { kind: 'acquire', atMs: 1000, interface: 'ipsec0', spid: 2, ...ends, reqid: 16386, family: 4, sequence: 1 },
    { kind: 'acquire', atMs: 1000, interface: 'ipsec0', spid: 4, ...ends, reqid: 16388, family: 6, sequence: 2 },
  ]);
  assert.equal(lines.length, 2);
});

test('an acquire of what is gone meanwhile is told nobody', () => {
  const { record } = tunnelBench({}, []);
  const unconfigured: Interface = { ...record, outer: null, policies: null };
  for (const [owner, slot, spid] of [
    [record, 4, 2],
    [record, 3, 99],
    [unconfigured, 3, 2],
  ] as const) {
    const { source, heard } = bench(owner);
    source.acquire({ kind: 'acquire', interfaceSlot: slot, spid });
    assert.deepEqual(heard, []);
  }
});

test('an audited drop tells its reason, interface, addresses, SPI and number, and the log says the same (RFC 4301 §9)', () => {
  const { record } = tunnelBench({}, []);
  const { source, heard, lines } = bench(record);
  const addresses = { family: 6, source: ip('2001:db8::1'), destination: ip('2001:db8::2') } as const;
  const drop = { ...addresses, reason: dropReasons.authFail.number, packets: 4, spi: 9, sequence: 8, flowLabel: 7 };
  source.audited({ kind: 'audit', drop: { ...drop, interfaceSlot: 3 } });
  source.audited({ kind: 'audit', drop: { ...drop, interfaceSlot: 0, spi: null } });
  source.audited({ kind: 'audit', drop: { ...drop, interfaceSlot: 3, reason: 0 } });
  const told = { reason: 'authFail', source: '2001:db8::1', destination: '2001:db8::2', sequence: 8, flowLabel: 7 };
  assert.deepEqual(heard, [
    { kind: 'audit', atMs: 1000, ...told, interface: 'ipsec0', spi: 9, packets: 4 },
    { kind: 'audit', atMs: 1000, ...told, interface: null, spi: null, packets: 4 },
  ]);
  assert.deepEqual(lines[0], ['audit: integrity check failed', { ...told, interface: 'ipsec0', spi: 9, packets: 4 }]);
});

test('who has unsubscribed hears nothing more', () => {
  const { record } = tunnelBench({}, []);
  const { source, heard, end } = bench(record);
  end();
  source.acquire({ kind: 'acquire', interfaceSlot: 3, spid: 2 });
  assert.deepEqual(heard, []);
});
