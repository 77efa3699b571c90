/**
 * A tunnel "office" between the two gateways of a pair: made at the left, and at the right from what the left exports for
 * it, as two people would. And the traffic that runs through it.
 * @module
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readProfileText } from '#core/profile/import/profile-text.ts';
import { recommendedSuite } from '#core/profile/manual-keys.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import type { GatewayPair } from './gateway-pair.ts';

/** Inner addresses, left and right. */
export const insideOffice = ['10.99.0.1', '10.99.0.2'] as const;

/** Save the tunnel at both ends. */
export async function saveOffice({ left, right }: GatewayPair): Promise<void> {
  const profile = parseProfile({
    name: 'office',
    interface: 'ipsec0',
    local: { host: left.outer },
    peer: { host: right.outer },
    flags: { link2: false },
    addresses: [{ address: insideOffice[0], prefixLength: 32, peer: insideOffice[1] }],
    routes: [right.network],
    networks: [left.network],
    keys: { kind: 'manual', ...recommendedSuite, pairs: [{ carries: 'ipv4', spiOut: 0x3001, spiIn: 0x3002 }] },
  });
  await left.culvertd.ask('profile.create', { profile, secrets: 'generate' });
  const exported = await exportForPeer(left.culvertd);
  const peer = readProfileText(exported);
  if (peer.secrets === null) throw new Error('the export has no keys');
  await right.culvertd.ask('profile.create', { profile: peer.profile, secrets: peer.secrets });
}

/** The right end's profile with keys, as the left exports it. */
export async function exportForPeer(culvertd: GatewayPair['left']['culvertd']): Promise<string> {
  const asked = { name: 'office', format: 'json', isPeer: true, withKeys: true, ownHost: null } as const;
  const { files } = await culvertd.ask('profile.export', asked);
  return files[0]?.text ?? '';
}

/** Save it at both ends and bring it up. */
export async function bringUpOffice(pair: GatewayPair): Promise<void> {
  await saveOffice(pair);
  await pair.left.culvertd.ask('profile.up', { name: 'office' });
  await pair.right.culvertd.ask('profile.up', { name: 'office' });
}

/** Pings from the left network to the right, ten a second, until it is stopped. */
export class OfficeTraffic {
  readonly #child: ChildProcess;

  constructor({ left, right }: GatewayPair) {
    this.#child = left.namespace.start('ping', '-q', '-i', '0.1', '-I', left.behind, right.behind);
  }

  /** End it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
