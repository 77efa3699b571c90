/**
 * The proof of the demo over the in-process network: the same pings, the same transfer, the same judge of the wire.
 * Round trips are in the network's own time; the transfer's seconds are real ones.
 * @module
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { parseIpAddress } from '#core/ip/address.ts';
import type { Side, TwoGateways } from '#core/host/memory/two-gateways.ts';
import { wireEvidence, type Evidence, type PingEvidence, type WireEvidence } from '#examples/two-gateways/evidence.ts';
import { median } from '#examples/two-gateways/median.ts';
import { formatBytes, formatRate } from '#examples/two-gateways/narrator.ts';
import type { RunContext } from '#examples/two-gateways/run-context.ts';
import { makeBlocks } from '#examples/two-gateways/transfer/transfer-data.ts';
import type { TransferResult } from '#examples/two-gateways/transfer/transfer.ts';
import type { DemoAssociation } from '#examples/two-gateways/tunnel/associations.ts';
import { tunnelMtu } from '#examples/two-gateways/tunnel/addresses.ts';
import type { TunnelPlan } from '#examples/two-gateways/tunnel/tunnel-commands.ts';
import { expectOnWire } from '#examples/two-gateways/wire/wire-expectation.ts';
import { describeTotals, WireTally } from '#examples/two-gateways/wire/wire-tally.ts';
import { StreamReceiver, StreamSender } from './byte-stream.ts';
import { tapWire } from './wire-tap.ts';

const pingCount = 10;
const ipv4AndTcpBytes = 40;
/** Network time that passes before this process looks at signals again. */
const sliceMs = 20;
/** A transfer that has not moved for this much network time has failed. */
const stallMs = 10_000;

/** Everything that was measured across the tunnel. */
export type MemoryProof = Pick<Evidence, 'pings' | 'tcp' | 'troubles'> & {
  readonly wire: Omit<WireEvidence, 'plaintextWithoutTunnel'>;
};

/** Watch the wire while the hosts ping each other and `bytes` cross the tunnel. */
export async function proveTunnel(
  context: RunContext,
  network: TwoGateways,
  plan: TunnelPlan,
  associations: readonly DemoAssociation[],
  bytes: number,
): Promise<MemoryProof> {
  const tally = new WireTally(expectOnWire(plan, associations));
  const untap = tapWire(network, (frame) => tally.add(frame));
  const pings = await pingAll(context, network);
  const tcp = await transferOnce(context, network, bytes);
  untap();
  const totals = await context.narrator.step(
    'Every packet on the wire judged',
    () => Promise.resolve(tally.totals()),
    describeTotals,
  );
  return { pings, tcp, wire: { ...wireEvidence(totals), missed: 0 }, troubles: [] };
}

async function pingAll({ narrator }: RunContext, { a, b }: TwoGateways): Promise<PingEvidence[]> {
  const series: PingEvidence[] = [];
  for (const family of [4, 6] as const) {
    for (const [own, other] of [[a, b] as const, [b, a] as const]) {
      const { hostName: from } = own.addresses;
      const { hostName: to, host } = other.addresses;
      series.push(
        await narrator.step(
          `${from} pings ${to}, ${host[family]}`,
          () => Promise.resolve({ from, to, family, ...pingOnce(own, host[family]) }),
          ({ sent, received, rttMs }) => `${received} of ${sent} answered, median ${median(rttMs)} ms of network time`,
        ),
      );
    }
  }
  return series;
}

function pingOnce({ host }: Side, address: string): { sent: number; received: number; rttMs: readonly number[] } {
  return host.ping(parseIpAddress(address), { count: pingCount, timeoutMs: 2000 });
}

async function transferOnce(context: RunContext, network: TwoGateways, bytes: number): Promise<TransferResult> {
  return context.narrator.step(
    `${formatBytes(bytes)} in TCP segments from Host_X to Host_Y`,
    () => transfer(context, network, bytes),
    ({ mbitPerSecond, sha256Match }) => `${formatRate(mbitPerSecond)}, SHA-256 ${sha256Match ? 'equal' : 'DIFFERS'}`,
  );
}

async function transfer({ signal }: RunContext, { clock, a, b }: TwoGateways, bytes: number): Promise<TransferResult> {
  const addresses = { source: a.addresses.host[4], destination: b.addresses.host[4] };
  const ends = { from: a.host, to: b.host, ...addresses };
  const receiver = new StreamReceiver(ends);
  const sender = new StreamSender(ends, makeBlocks(bytes), tunnelMtu - ipv4AndTcpBytes);
  const start = performance.now();
  sender.start();
  let movedAtMs = clock.now();
  while (!sender.isDone && clock.now() - movedAtMs < stallMs) {
    const before = receiver.bytes;
    clock.runUntil(() => sender.isDone, sliceMs);
    if (receiver.bytes > before) movedAtMs = clock.now();
    await breathe();
    signal.throwIfAborted();
  }
  const seconds = (performance.now() - start) / 1000;
  const isWhole = sender.isDone && receiver.bytes === bytes && sender.bytes === bytes;
  const sha256Match = isWhole && receiver.sha256() === sender.sha256();
  return { bytes: receiver.bytes, seconds, mbitPerSecond: (receiver.bytes * 8) / seconds / 1e6, sha256Match };
}
