/**
 * Sets Culvert's tunnel up at both ends, by the same calls as the culvert command makes.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { connectHelper, type HelperClient } from '#core/client/helper-client.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import { tunnelMtu } from '#examples/two-gateways/tunnel/addresses.ts';
import { parsePolicyIds, type PolicyIds } from '#examples/two-gateways/tunnel/associations.ts';
import { sidesOf, type Side } from './inner-device.ts';

/** What is set up. */
export type CulvertPlan = {
  readonly outer: 4 | 6;
  readonly isNatT: boolean;
  readonly suite: SuiteName;
  readonly hasLink1: boolean;
  /** Interfaces, all with associations of their own. One of them carries what is measured. */
  readonly tunnels: number;
  /** Further associations, of other peers and without interfaces. */
  readonly moreAssociations: number;
};

/** Suite → setkey's words for its algorithms, with fresh keys. */
const suites = {
  aesGcm: () => `-E aes-gcm-16 ${drawKey(36)}`,
  chacha20: () => `-E chacha20-poly1305 ${drawKey(36)}`,
  cbcSha256: () => `-E aes-cbc ${drawKey(32)} -A hmac-sha256 ${drawKey(32)}`,
} as const;

/** The suites that are measured. */
export type SuiteName = keyof typeof suites;

/** The tunnel that is measured. */
const measuredDevice = 'ipsec0';
/** Bytes of setkey's `-r`: eight packets each. */
const replayBytes = 32;
const firstSpi = 0x1000;
/** setkey texts have at most 4 MiB. */
const statementsAtOnce = 2000;

/** Set up both ends, whose helpers listen on these sockets. */
export async function setUpCulvert(
  sockets: { readonly a: string; readonly b: string },
  plan: CulvertPlan,
): Promise<void> {
  const clients = { a: await connectHelper(sockets.a), b: await connectHelper(sockets.b) };
  try {
    await Promise.all([setUpInterfaces(clients.a, 'a', plan), setUpInterfaces(clients.b, 'b', plan)]);
    await installMeasured(clients, plan);
    await Promise.all([installOthers(clients.a, 'a', plan), installOthers(clients.b, 'b', plan)]);
  } finally {
    clients.a.close();
    clients.b.close();
  }
}

async function setUpInterfaces(client: HelperClient, side: Side, plan: CulvertPlan): Promise<void> {
  const { own, other } = sidesOf(side);
  await setUpInterface(client, measuredDevice, plan, own.wire[plan.outer], other.wire[plan.outer]);
  const inner = { address: parseIpAddress(own.inner[4]), prefixLength: 32, peer: parseIpAddress(other.inner[4]) };
  await client.call('interface.addAddress', { name: measuredDevice, ...inner });
  for (let unit = 1; unit < plan.tunnels; unit++) {
    await setUpInterface(client, `ipsec${unit}`, plan, own.wire[4], strangerOf(unit));
  }
}

async function setUpInterface(
  client: HelperClient,
  name: string,
  { outer, isNatT, hasLink1 }: CulvertPlan,
  local: string,
  peer: string,
): Promise<void> {
  const port = isNatT ? natTPort : 0;
  await client.call('interface.create', { name });
  await client.call('interface.setFlags', { name, link0: isNatT, link1: hasLink1 });
  if (outer === 6) await client.call('interface.setOptions', { name, pmtu: 1 });
  const pair = { local: parseIpAddress(local), peer: parseIpAddress(peer), localPort: port, peerPort: port };
  await client.call('interface.setTunnel', { name, ...pair });
  await client.call('interface.setMtu', { name, mtu: tunnelMtu });
  await client.call('interface.setFlags', { name, isUp: true });
}

/** Both directions of the tunnel that is measured, alike at both ends. */
async function installMeasured(
  clients: { readonly a: HelperClient; readonly b: HelperClient },
  plan: CulvertPlan,
): Promise<void> {
  const algorithms = { a: suites[plan.suite](), b: suites[plan.suite]() };
  for (const side of ['a', 'b'] as const) {
    const client = clients[side];
    const ids = plan.isNatT ? null : await readPolicyIds(client);
    const lines = (['a', 'b'] as const).map((from, index) => {
      const { own, other } = sidesOf(from);
      const reqid = ids === null ? '' : `-u ${from === side ? ids.out4 : ids.in4}`;
      const pair = { source: own.wire[plan.outer], destination: other.wire[plan.outer] };
      return statement(pair, plan.isNatT, firstSpi + index, reqid, algorithms[from]);
    });
    await runSetkey(client, lines);
  }
}

/** One association each way for every other tunnel, and those that belong to none. */
async function installOthers(client: HelperClient, side: Side, plan: CulvertPlan): Promise<void> {
  const local = sidesOf(side).own.wire[4];
  const lines: string[] = [];
  const count = plan.tunnels - 1 + plan.moreAssociations / 2;
  for (let index = 0; index < count; index++) {
    const peer = strangerOf(1 + index);
    const spi = firstSpi + 2 + index;
    lines.push(
      statement({ source: local, destination: peer }, plan.isNatT, spi, '', suites[plan.suite]()),
      statement({ source: peer, destination: local }, plan.isNatT, spi, '', suites[plan.suite]()),
    );
  }
  for (let at = 0; at < lines.length; at += statementsAtOnce) {
    await runSetkey(client, lines.slice(at, at + statementsAtOnce));
  }
}

function statement(
  pair: { readonly source: string; readonly destination: string },
  isNatT: boolean,
  spi: number,
  reqid: string,
  algorithms: string,
): string {
  const port = isNatT ? `[${natTPort}]` : '';
  const head = `add ${pair.source} ${port} ${pair.destination} ${port} ${isNatT ? 'esp-udp' : 'esp'} 0x${spi.toString(16)}`;
  return `${head} -m transport ${reqid} -r ${replayBytes} ${algorithms};`;
}

async function runSetkey(client: HelperClient, lines: readonly string[]): Promise<void> {
  const { errors } = await client.call('setkey.run', { text: `${lines.join('\n')}\n`, semantics: 'file' });
  const [error] = errors;
  if (error !== undefined) throw new Error(`setkey, line ${error.line}: ${error.message}`);
}

async function readPolicyIds(client: HelperClient): Promise<PolicyIds> {
  return parsePolicyIds((await client.call('setkey.dump', { what: 'policies', withKeys: false })).text);
}

/** Peers that nobody is. */
function strangerOf(index: number): string {
  return `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

function drawKey(bytes: number): string {
  return `0x${randomBytes(bytes).toString('hex')}`;
}
