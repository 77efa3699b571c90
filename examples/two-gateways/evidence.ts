/**
 * What a run of the demo measured, and whether it proves the tunnel. The object of `--json` is made here.
 * @module
 */
import { counted } from '#core/base/counted.ts';
import type { Family } from './tunnel/addresses.ts';
import { median } from './median.ts';
import type { PingResult } from './netns/ping.ts';
import type { WireTotals } from './wire/wire-tally.ts';
import type { TransferResult } from './transfer/transfer.ts';

/** One series of echo requests between the hosts. */
export type PingEvidence = PingResult & { readonly from: string; readonly to: string; readonly family: Family };

/** What the wire between the gateways showed. */
export type WireEvidence = {
  readonly espPackets: number;
  readonly plaintextInnerPackets: number;
  readonly plaintextExamples: readonly string[];
  /** Packets that the capture missed for want of room. */
  readonly missed: number;
  /** Plaintext packets found when a tunnel was not yet there: shows that the judge can see them. */
  readonly plaintextWithoutTunnel: number;
};

/** One gateway's policies and associations, in setkey's words and without keys. */
export type GatewayEvidence = {
  readonly name: string;
  readonly policies: number;
  readonly associations: number;
  readonly policyText: string;
  readonly associationText: string;
};

/** Everything that a run measured. */
export type Evidence = {
  readonly mode: 'netns' | 'memory';
  readonly outer: 'ipv4' | 'ipv6';
  readonly natT: boolean;
  readonly bytesAsked: number;
  readonly pings: readonly PingEvidence[];
  readonly tcp: TransferResult | null;
  readonly wire: WireEvidence | null;
  readonly gateways: readonly GatewayEvidence[];
  /** A sentence for each thing that went wrong on the way. */
  readonly troubles: readonly string[];
};

const policiesPerInterface = 4;
const seriesExpected = 4;

/** The part of the evidence that a judged wire gives. */
export function wireEvidence(
  totals: WireTotals,
): Pick<WireEvidence, 'espPackets' | 'plaintextInnerPackets' | 'plaintextExamples'> {
  const { espPackets, plaintextFrames, plaintextExamples } = totals;
  return { espPackets, plaintextInnerPackets: plaintextFrames, plaintextExamples };
}

/** A sentence for each thing that does not hold; empty when the tunnel is proved. */
export function findFaults(evidence: Evidence): string[] {
  return [
    ...evidence.troubles,
    ...pingFaults(evidence),
    ...transferFaults(evidence),
    ...wireFaults(evidence),
    ...gatewayFaults(evidence),
  ];
}

/** The object that `--json` prints. */
export function toJson(evidence: Evidence): Record<string, unknown> {
  const { mode, outer, natT, pings, tcp, wire, gateways } = evidence;
  return {
    mode,
    outer,
    natT,
    pings: pings.map(({ from, to, family, sent, received, rttMs }) => {
      return { from, to, family, sent, received, rttMsMedian: rttMs.length === 0 ? null : round(median(rttMs), 3) };
    }),
    tcp: {
      bytes: tcp?.bytes ?? 0,
      seconds: round(tcp?.seconds ?? 0, 3),
      mbitPerSecond: round(tcp?.mbitPerSecond ?? 0, 1),
      sha256Match: tcp?.sha256Match ?? false,
    },
    wire: { espPackets: wire?.espPackets ?? 0, plaintextInnerPackets: wire?.plaintextInnerPackets ?? 0 },
    policies: Math.min(...countsOf(gateways, 'policies')),
    associations: Math.min(...countsOf(gateways, 'associations')),
    ok: findFaults(evidence).length === 0,
  };
}

function countsOf(gateways: readonly GatewayEvidence[], what: 'policies' | 'associations'): number[] {
  return gateways.length === 0 ? [0] : gateways.map((gateway) => gateway[what]);
}

function pingFaults({ pings }: Evidence): string[] {
  const missing =
    pings.length < seriesExpected ? [`only ${pings.length} of ${seriesExpected} series of pings ran`] : [];
  const lossy = pings.filter(({ sent, received }) => sent === 0 || received < sent);
  return [
    ...missing,
    ...lossy.map((series) => {
      const { from, to, family, sent, received } = series;
      return `${received} of ${sent} IPv${family} pings from ${from} to ${to} were answered`;
    }),
  ];
}

function transferFaults({ tcp, bytesAsked }: Evidence): string[] {
  if (tcp === null) return ['the TCP transfer did not run'];
  if (tcp.bytes !== bytesAsked) return [`${tcp.bytes} of ${bytesAsked} bytes arrived over TCP`];
  return tcp.sha256Match ? [] : ['the SHA-256 of what arrived differs from what was sent'];
}

function wireFaults({ wire, bytesAsked }: Evidence): string[] {
  if (wire === null) return ['the wire was not captured'];
  const faults: string[] = [];
  if (wire.plaintextInnerPackets > 0) {
    faults.push(
      `${counted(wire.plaintextInnerPackets, 'packet')} in the clear on the wire: ${wire.plaintextExamples.join('; ')}`,
    );
  }
  if (wire.espPackets * 1500 < bytesAsked) faults.push(`only ${wire.espPackets} ESP packets on the wire`);
  if (wire.missed > 0) faults.push(`the capture of the wire missed ${wire.missed} packets`);
  if (wire.plaintextWithoutTunnel === 0) faults.push('the judge saw no plaintext where there was some');
  return faults;
}

function gatewayFaults({ gateways, natT }: Evidence): string[] {
  const associations = natT ? 2 : 4;
  return gateways.flatMap((gateway) => [
    ...(gateway.policies === policiesPerInterface ? [] : [`${gateway.name} has ${gateway.policies} policies, not 4`]),
    ...(gateway.associations === associations
      ? []
      : [`${gateway.name} has ${gateway.associations} associations, not ${associations}`]),
  ]);
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
