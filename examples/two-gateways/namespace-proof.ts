/**
 * The proof of the demo in namespaces: pings both ways in both IP versions and a TCP transfer, while the wire between
 * the gateways is captured; then every packet of the capture is judged.
 * @module
 */
import { join } from 'node:path';
import type { SideAddresses } from '#core/host/memory/two-gateways.ts';
import { sideA, sideB, type Family } from './tunnel/addresses.ts';
import type { DemoAssociation } from './tunnel/associations.ts';
import { readFrames } from './wire/capture-file.ts';
import { startCapture, type Capture } from './wire/capture.ts';
import { wireEvidence, type Evidence, type PingEvidence, type WireEvidence } from './evidence.ts';
import { median } from './median.ts';
import type { Namespace } from './netns/namespace.ts';
import { formatBytes, formatRate } from './narrator.ts';
import { ping } from './netns/ping.ts';
import type { RunContext } from './run-context.ts';
import { wireDevice, type Topology } from './netns/topology.ts';
import { transfer, type TransferResult } from './transfer/transfer.ts';
import type { TunnelPlan } from './tunnel/tunnel-commands.ts';
import { expectOnWire } from './wire/wire-expectation.ts';
import { describeTotals, WireTally } from './wire/wire-tally.ts';

const pingOptions = { count: 10, intervalSeconds: 0.02, waitSeconds: 2 };

/** What was measured across the tunnel. */
export type Proof = Pick<Evidence, 'pings' | 'tcp' | 'troubles'> & {
  readonly wire: Omit<WireEvidence, 'plaintextWithoutTunnel'>;
};

/** Capture the wire while the hosts ping each other and send `bytes` over TCP, then judge every packet on it. */

export async function proveTunnel(
  context: RunContext,
  topology: Topology,
  plan: TunnelPlan,
  associations: readonly DemoAssociation[],
  bytes: number,
): Promise<Proof> {
  const { narrator, directory } = context;
  const troubles: string[] = [];
  const path = join(directory, 'wire.pcap');
  const capture = await narrator.step('Capture of the wire between the gateways begins', () =>
    startCapture(topology.a, wireDevice, path, captureBufferMiB(bytes)),
  );
  const pings = await pingAll(context, topology);
  const canTransfer = pings.some(({ family, received }) => family === 4 && received > 0);
  const tcp = canTransfer ? await transferOnce(context, topology, bytes, troubles) : null;
  const wire = await judgeWire(context, capture, plan, associations);
  return { pings, tcp, wire, troubles };
}

async function pingAll({ narrator }: RunContext, { x, y }: Topology): Promise<PingEvidence[]> {
  const series: PingEvidence[] = [];
  for (const family of [4, 6] as const) {
    for (const [from, own, other] of [[x, sideA, sideB] as const, [y, sideB, sideA] as const]) {
      series.push(await pingOnce(narrator, from, own, other, family));
    }
  }
  return series;
}

function pingOnce(
  narrator: RunContext['narrator'],
  from: Namespace,
  own: SideAddresses,
  other: SideAddresses,
  family: Family,
): Promise<PingEvidence> {
  const names = { from: own.hostName, to: other.hostName, family };
  return narrator.step(
    `${own.hostName} pings ${other.hostName}, ${other.host[family]}`,
    async () => ({ ...names, ...(await ping(from, other.host[family], pingOptions)) }),
    ({ sent, received, rttMs }) =>
      `${received} of ${sent} answered${received === 0 ? '' : `, median ${median(rttMs).toPrecision(3)} ms`}`,
  );
}

async function transferOnce(
  { narrator, signal }: RunContext,
  { x, y }: Topology,
  bytes: number,
  troubles: string[],
): Promise<TransferResult | null> {
  try {
    return await narrator.step(
      `${formatBytes(bytes)} over TCP from Host_X to Host_Y`,
      () => transfer(x, y, sideB.host[4], bytes),
      (result) => `${formatRate(result.mbitPerSecond)}, SHA-256 ${result.sha256Match ? 'equal' : 'DIFFERS'}`,
    );
  } catch (error) {
    signal.throwIfAborted();
    troubles.push(error instanceof Error ? error.message : String(error));
    return null;
  }
}

async function judgeWire(
  { narrator }: RunContext,
  capture: Capture,
  plan: TunnelPlan,
  associations: readonly DemoAssociation[],
): Promise<Proof['wire']> {
  const { totals, missed } = await narrator.step(
    'Every packet on the wire judged',
    async () => {
      const missed = await capture.stop();
      const tally = new WireTally(expectOnWire(plan, associations)).addAll(readFrames(capture.path));
      return { totals: tally.totals(), missed };
    },
    ({ totals, missed }) => `${describeTotals(totals)}${missed > 0 ? `, ${missed} missed` : ''}`,
  );
  return { ...wireEvidence(totals), missed };
}

/** Room for every packet of the transfer, should tcpdump not run once while it lasts: 1400 bytes each, 200 in the buffer. */
function captureBufferMiB(bytes: number): number {
  return Math.min(256, Math.max(16, Math.ceil(((bytes / 1400) * 1.5 * 200) / 2 ** 20)));
}
