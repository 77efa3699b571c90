/**
 * Sets the tunnel up on both gateways through the culvert command, telling each command as it runs, and asks the same
 * command what came of it.
 * @module
 */
import type { GatewayEvidence } from '#examples/two-gateways/evidence.ts';
import type { Narrator } from '#examples/two-gateways/narrator.ts';
import { sideA, sideB } from './addresses.ts';
import { countEntries, drawAssociations, parsePolicyIds, setkeyText, type DemoAssociation } from './associations.ts';
import { tunnelCommands, type TunnelPlan } from './tunnel-commands.ts';
import type { GatewayConsole } from './gateway-console.ts';

/** The two gateways' consoles. */
export type Consoles = { readonly a: GatewayConsole; readonly b: GatewayConsole };

/** Create and configure the interface on both gateways. */
export async function setUpInterfaces(narrator: Narrator, { a, b }: Consoles, plan: TunnelPlan): Promise<void> {
  for (const [gateway, own, other] of [[a, sideA, sideB] as const, [b, sideB, sideA] as const]) {
    for (const args of tunnelCommands(own, other, plan)) {
      await narrator.step(`${gateway.name}# culvert ${args.join(' ')}`, () => gateway.culvert(...args));
    }
  }
}

/** Draw associations and install them on both gateways, tied to the policies that the interfaces made. */
export async function installAssociations(
  narrator: Narrator,
  { a, b }: Consoles,
  plan: TunnelPlan,
): Promise<DemoAssociation[]> {
  const associations = drawAssociations(plan.isNatT);
  const outer = { a: sideA.wire[plan.outer], b: sideB.wire[plan.outer] };
  for (const [gateway, letter] of [[a, 'a'] as const, [b, 'b'] as const]) {
    await narrator.step(
      `${gateway.name}# culvert setkey -f ${gateway.setkeyFile}`,
      async () => {
        const ids = plan.isNatT ? null : parsePolicyIds(await gateway.culvert('setkey', '-DP'));
        await gateway.setkey(setkeyText(letter, associations, outer, ids));
      },
      () => `${associations.length} associations, AES-256-GCM, keys drawn for this run`,
    );
  }
  return associations;
}

/** What setkey says of a gateway, keys left out. */
export async function describeGateway(console: GatewayConsole): Promise<GatewayEvidence> {
  const policyText = await console.culvert('setkey', '-DP');
  const associationText = await console.culvert('setkey', '-D', '--no-keys');
  return {
    name: console.name,
    policies: countEntries(policyText, 'policies'),
    associations: countEntries(associationText, 'associations'),
    policyText,
    associationText,
  };
}
