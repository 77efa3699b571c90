/**
 * What may be on the wire of the picture: the gateways' outer addresses, the SPIs of this run, no inner addresses.
 * @module
 */
import { addressBytes, parseIpAddress } from '#core/ip/address.ts';
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import { sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';
import type { DemoAssociation } from '#examples/two-gateways/tunnel/associations.ts';
import type { TunnelPlan } from '#examples/two-gateways/tunnel/tunnel-commands.ts';
import type { WireExpectation } from './wire-frame.ts';

/** The expectation for one run. No associations: nothing but housekeeping may be seen. */
export function expectOnWire(plan: TunnelPlan, associations: readonly DemoAssociation[]): WireExpectation {
  return {
    outer: [bytesOf(sideA.wire[plan.outer]), bytesOf(sideB.wire[plan.outer])],
    udpPort: plan.isNatT ? natTPort : null,
    spis: new Set(associations.map(({ spi }) => spi)),
    innerPairs: innerPairs(),
  };
}

function innerPairs(): Uint8Array[] {
  const pairs = ([4, 6] as const).flatMap((family) => [
    [bytesOf(sideA.host[family]), bytesOf(sideB.host[family])] as const,
    [bytesOf(sideA.inner[family]), bytesOf(sideB.inner[family])] as const,
  ]);
  return pairs.flatMap(([one, other]) => [Buffer.concat([one, other]), Buffer.concat([other, one])]);
}

function bytesOf(address: string): Uint8Array {
  return addressBytes(parseIpAddress(address));
}
