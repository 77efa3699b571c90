/**
 * Configures the tunnel of the two-gateways picture as its manual page does: ipsec0 on both sides, inner addresses,
 * associations through setkey text with the policies' own ids, routes into the tunnel.
 * @module
 */
import assert from 'node:assert/strict';
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import type { Side, TwoGateways } from '#core/host/memory/two-gateways.ts';

/** How the tunnel travels. */
export type TunnelPlan = {
  readonly outer: 4 | 6;
  readonly isNatT?: boolean;
  /** UDP port at which B sees A; 4500 unless a NAT box stands between. */
  readonly portOfA?: number;
  /** setkey's algorithm arguments. */
  readonly suite?: string;
  readonly link1?: boolean;
};

const gcm = `-E aes-gcm-16 0x${'5a'.repeat(36)}`;

/** Bring the tunnel up on both gateways. */
export async function establishTunnel(network: TwoGateways, plan: TunnelPlan): Promise<void> {
  await configureSide(network.a, network.b, plan, natTPort);
  await configureSide(network.b, network.a, plan, plan.portOfA ?? natTPort);
}

async function configureSide(own: Side, other: Side, plan: TunnelPlan, peerPort: number): Promise<void> {
  const { gateway, router, addresses } = own;
  const { outer, isNatT = false } = plan;
  const local = own.wireAddress[outer];
  const peer = other.publicAddress[outer];
  await gateway.createInterface('ipsec0');
  if (isNatT) await gateway.setFlags('ipsec0', { link0: true });
  if (plan.link1 === true) await gateway.setFlags('ipsec0', { link1: true });
  const ports = isNatT ? { localPort: natTPort, peerPort } : { localPort: 0, peerPort: 0 };
  await gateway.setTunnel('ipsec0', { local, peer, ...ports });
  for (const family of [4, 6] as const) {
    const address = parseIpAddress(addresses.inner[family]);
    const far = parseIpAddress(other.addresses.inner[family]);
    await gateway.addAddress('ipsec0', { address, prefixLength: family === 4 ? 32 : 128, peer: far });
    router.addRoute(parsePrefix(other.addresses.network[family]), address);
  }
  const text = isNatT ? natTAssociations(own, other, plan, peerPort) : await plainAssociations(own, other, plan);
  const run = await gateway.runSetkey(text, 'file', 1);
  assert.deepEqual(run.errors, []);
}

/** One association for each direction and inner version, tied to the policies of this gateway. */
async function plainAssociations(own: Side, other: Side, plan: TunnelPlan): Promise<string> {
  const dump = await own.gateway.dumpSetkey('policies', false);
  const ids = new Map<string, string>();
  for (const match of dump.matchAll(/\((ipv[46])\)\s+(in|out) ipsec\s+esp\/transport\/\/unique#(\d+)/g)) {
    ids.set(`${match[2]}${match[1]}`, match[3] ?? '');
  }
  const local = own.wireAddress[plan.outer];
  const peer = other.publicAddress[plan.outer];
  const line = (direction: 'in' | 'out', inner: 'ipv4' | 'ipv6'): string => {
    const pair = direction === 'out' ? `${local} ${peer}` : `${peer} ${local}`;
    const spi = spiOf(direction === 'out' ? own : other) + (inner === 'ipv4' ? 0 : 10);
    return `add ${pair} esp ${spi} -u ${ids.get(direction + inner)} -r 32 ${plan.suite ?? gcm};`;
  };
  return [line('in', 'ipv4'), line('out', 'ipv4'), line('in', 'ipv6'), line('out', 'ipv6')].join('\n');
}

/** One association for each direction carries both inner versions: under link0 the policies have no id. */
function natTAssociations(own: Side, other: Side, plan: TunnelPlan, peerPort: number): string {
  const local = `${own.wireAddress[plan.outer]} [${natTPort}]`;
  const peer = `${other.publicAddress[plan.outer]} [${peerPort}]`;
  const suite = plan.suite ?? gcm;
  return [
    `add ${local} ${peer} esp-udp ${spiOf(own)} -m transport -r 32 ${suite};`,
    `add ${peer} ${local} esp-udp ${spiOf(other)} -m transport -r 32 ${suite};`,
  ].join('\n');
}

/** SPI of what a side sends. */
function spiOf(side: Side): number {
  return side.addresses.gatewayName === 'NetBSD_A' ? 10001 : 10000;
}
