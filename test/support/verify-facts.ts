/**
 * Facts of a tunnel that works, for the checks that judge them, with what a test changes.
 * @module
 */
import { buildDesktop } from './desktop.ts';
import { establishTunnel } from './establish-tunnel.ts';
import { gatherFacts, type VerifyFacts } from '#core/tunnel/verify/verify-facts.ts';

/** Found out of the two-gateways picture with its tunnel up. */
export async function workingFacts(changes: Partial<VerifyFacts> = {}): Promise<VerifyFacts> {
  const { network, survey } = buildDesktop();
  await establishTunnel(network, { outer: 4 });
  const { gateway } = network.a;
  const surroundings = { status: () => gateway.status(), findRoute: gateway.routes.find.bind(gateway.routes), survey };
  return { ...(await gatherFacts('ipsec0', null, null, surroundings)), ...changes };
}
