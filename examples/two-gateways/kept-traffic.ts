/**
 * What runs through the tunnel while the demo is kept, so that whoever opens the window on a gateway sees it at work: packets
 * of both families between the hosts, now few, now many.
 * @module
 */
import { parseIpAddress } from '#core/ip/address.ts';
import type { TwoGateways } from '#core/host/memory/two-gateways.ts';
import type { Topology } from './netns/topology.ts';
import { sideA, sideB } from './tunnel/addresses.ts';

const memoryIntervalMs = 250;

/** A steady stream of small packets and a slower one of large ones, until the run's programs are stopped. */
export function startNamespaceTraffic({ x, y }: Topology): void {
  x.start(['ping', '-q', '-n', '-i', '0.1', sideB.host[4]]);
  x.start(['ping', '-q', '-n', '-i', '0.5', '-s', '1200', sideB.host[6]]);
  y.start(['ping', '-q', '-n', '-i', '0.2', '-s', '600', sideA.host[4]]);
}

/**
 * The same in the in-process network, whose ciphers are JavaScript: fewer. Its time, which stands still by itself, goes
 * with the wall's from here on. Gives what ends it.
 */
export function startMemoryTraffic({ a, b, clock }: TwoGateways): () => void {
  const timer = setInterval(() => {
    clock.advance(Math.max(0, Date.now() - clock.now()));
    a.host.ping(parseIpAddress(b.addresses.host[4]));
    a.host.ping(parseIpAddress(b.addresses.host[6]));
  }, memoryIntervalMs);
  return () => clearInterval(timer);
}
