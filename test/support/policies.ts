/**
 * Policies for tests: between two hosts, any port, protected at level require unless told otherwise.
 * @module
 */
import { parsePrefix } from '#core/ip/prefix.ts';
import type { PolicyLevel, PolicySpec } from '#core/spd/security-policy.ts';
import { anyProtocol, type Selector } from '#core/spd/selector.ts';

/** A selector from 192.0.2.1 to 192.0.2.2. */
export function testSelector(changes: Partial<Selector> = {}): Selector {
  const ends = { source: parsePrefix('192.0.2.1'), destination: parsePrefix('192.0.2.2') };
  return { ...ends, sourcePort: 0, destinationPort: 0, upperProtocol: anyProtocol, ...changes };
}

/** A policy that discards. */
export function discarding(changes: Partial<Selector> = {}, direction: 'in' | 'out' = 'out'): PolicySpec {
  return { direction, selector: testSelector(changes), action: 'discard', requests: [] };
}

/** A policy that protects. */
export function protecting(level: PolicyLevel, reqid: number, changes: Partial<Selector> = {}): PolicySpec {
  const requests = [{ protocol: 'esp', mode: 'transport', level, reqid }] as const;
  return { direction: 'out', selector: testSelector(changes), action: 'protect', requests };
}
