/**
 * The end of the demo's story: the picture with addresses, policies and associations in setkey's words, what passed.
 * @module
 */
import { drawTopology } from './drawing.ts';
import type { Evidence } from './evidence.ts';
import type { GatewayConsole } from './tunnel/gateway-console.ts';
import { median } from './median.ts';
import { formatBytes, formatRate, groupDigits, type Narrator } from './narrator.ts';

/** Tell what a run came to. */
export function reportEvidence(narrator: Narrator, evidence: Evidence, faults: readonly string[]): void {
  narrator.say(`\n${drawTopology(evidence.outer === 'ipv4' ? 4 : 6, evidence.natT)}\n`);
  for (const { name, policyText, associationText } of evidence.gateways) {
    narrator.say(`${name}# setkey -DP\n${policyText.trimEnd()}\n`);
    narrator.say(`${name}# setkey -D\n${associationText.trimEnd()}\n`);
  }
  for (const line of summarize(evidence)) narrator.say(line);
  if (faults.length === 0) narrator.say('\nThe tunnel holds.');
  else narrator.say(`\nThe tunnel does NOT hold:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

/** Where a fault is to be looked for: what a gateway dropped, and why. */
export async function reportStatus(narrator: Narrator, console: GatewayConsole): Promise<void> {
  const text = await console.culvert('status').catch((error: unknown) => String(error));
  narrator.say(`\n${console.name}# culvert status\n${text.trimEnd()}`);
}

function summarize({ pings, tcp, wire }: Evidence): string[] {
  const lines = pings.map(({ from, to, family, sent, received, rttMs }) => {
    const time = rttMs.length === 0 ? '–' : `${median(rttMs).toPrecision(3)} ms`;
    return `  ping IPv${family}  ${from} to ${to}  ${received} of ${sent}, median ${time}`;
  });
  if (tcp !== null) {
    const digest = tcp.sha256Match ? 'equal' : 'DIFFERENT';
    lines.push(
      `  TCP        ${formatBytes(tcp.bytes)} in ${tcp.seconds.toPrecision(3)} s, ${formatRate(tcp.mbitPerSecond)}`,
    );
    lines.push(`  SHA-256    ${digest} at both ends`);
  }
  if (wire !== null) {
    lines.push(`  wire       ${groupDigits(wire.espPackets)} ESP packets, ${wire.plaintextInnerPackets} in the clear`);
  }
  return lines;
}
