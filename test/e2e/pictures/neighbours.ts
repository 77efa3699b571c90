/**
 * More tunnels at the left gateway, one in each trouble that a list can show.
 * @module
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { recommendedSuite } from '#core/profile/manual-keys.ts';
import type { Profile } from '#core/profile/profile.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import type { GatewayPair } from '../live/gateway-pair.ts';

/** A neighbour: its outer address on the right gateway, and the network that is said to be behind it. */
type Neighbour = { readonly name: string; readonly unit: number; readonly outer: string; readonly network: string };

const lisboa: Neighbour = { name: 'Lisboa', unit: 4, outer: '192.0.2.40', network: '10.40.0.0/24' };
const bergen: Neighbour = { name: 'Bergen', unit: 5, outer: '192.0.2.50', network: '10.50.0.0/24' };
const osaka: Neighbour = { name: 'Osaka', unit: 6, outer: '192.0.2.60', network: '10.60.0.0/24' };

/** Programs that send into them until they are stopped. */
export class Neighbours {
  readonly #children: ChildProcess[] = [];

  /** Lisboa never answers, Bergen has other keys, Osaka is off, and ipsec7 was made by hand and has none. */
  async settle(pair: GatewayPair): Promise<void> {
    const { left, right } = pair;
    for (const { outer } of [lisboa, bergen, osaka]) right.namespace.ip(`address add ${outer}/24 dev wan0`);
    for (const neighbour of [lisboa, bergen, osaka]) {
      const profile = profileOf(neighbour, { here: left.outer, there: neighbour.outer }, false);
      await left.culvertd.ask('profile.create', { profile, secrets: 'generate' });
    }
    const other = profileOf(bergen, { here: bergen.outer, there: left.outer }, true);
    await right.culvertd.ask('profile.create', { profile: other, secrets: 'generate' });
    await right.culvertd.ask('profile.up', { name: bergen.name });
    for (const { name } of [lisboa, bergen]) await left.culvertd.ask('profile.up', { name });
    await left.culvertd.ask('interface.create', { name: 'ipsec7' });
    const text = 'tunnel 192.0.2.1 192.0.2.70\ninet 10.99.7.1/32 10.99.7.2\nup';
    await left.culvertd.ask('ifconfig.run', { name: 'ipsec7', text, semantics: 'file' });
    for (const address of ['10.40.0.1', '10.50.0.1', '10.99.7.2']) {
      this.#children.push(left.namespace.start('ping', '-q', '-i', '0.5', address));
    }
    this.#children.push(right.namespace.start('ping', '-q', '-i', '0.5', '10.99.5.1'));
  }

  /** End what they send. */
  async stop(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
  }
}

function profileOf(
  { name, unit, network }: Neighbour,
  outer: { readonly here: string; readonly there: string },
  isTheirs: boolean,
): Profile {
  const inside = [`10.99.${unit}.1`, `10.99.${unit}.2`] as const;
  const [own, peer] = isTheirs ? [inside[1], inside[0]] : inside;
  const spis = isTheirs
    ? { spiOut: 0x4000 + unit, spiIn: 0x5000 + unit }
    : { spiOut: 0x5000 + unit, spiIn: 0x4000 + unit };
  return parseProfile({
    name,
    interface: `ipsec${unit}`,
    local: { host: outer.here },
    peer: { host: outer.there },
    flags: { link2: false },
    addresses: [{ address: own, prefixLength: 32, peer }],
    routes: isTheirs ? [] : [network],
    keys: { kind: 'manual', ...recommendedSuite, pairs: [{ carries: 'ipv4', ...spis }] },
  });
}
