/**
 * docs/performance.md, made from a run of the benchmark.
 * @module
 */
import { ratiosOfResult, summarizeForeignLoad, type BenchResult } from './result.ts';
import { makeTables, type Table } from './table.ts';

/** The page's text. */
export function formatPage(result: BenchResult): string {
  return [
    '# Performance',
    '',
    'Written by `npm run bench -- --page`; do not edit. Run it to have the figures of your own machine.',
    '',
    ...ratioLines(result),
    ...makeTables(result).flatMap(tableLines),
    ...howMeasured(result),
    ...whereMeasured(result),
  ].join('\n');
}

function tableLines({ title, head, rows }: Table): string[] {
  return [
    `## ${title}`,
    '',
    `| | ${head.join(' | ')} |`,
    `| --- |${head.map(() => ' ---: |').join('')}`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ];
}

function ratioLines(result: BenchResult): string[] {
  const rows = Object.entries(ratiosOfResult(result)).map(([name, ratio]) => `| \`${name}\` | ${ratio.toFixed(3)} |`);
  return rows.length === 0 ? [] : ['| ratio of medians | |', '| --- | ---: |', ...rows, ''];
}

function howMeasured({ rounds, seconds, missing, failures }: BenchResult): string[] {
  return [
    '## What was measured',
    '',
    'Each contender has two network namespaces of its own on a veth pair of MTU 1500, and a daemon in each; the inner MTU is',
    '1400. All ends and all daemons share the one machine. Culvert runs AES-256-GCM over IPv4 unless its name says otherwise;',
    `OpenVPN and strongSwan too, WireGuard has ChaCha20-Poly1305. Contenders take turns within each of ${rounds} rounds of ${seconds} s a`,
    'measurement; the tables have medians, with the least and the most in brackets. A dash: it was not measured.',
    '',
    '- **TCP**: iperf3, cubic.',
    '- **What it costs**: user and system time of all threads of both daemons during the run of one stream; a packet is a',
    '  segment of 1348 bytes. Memory is the resident set of the larger daemon during it. A daemon has started when it can be',
    '  configured; OpenVPN when its handshake is done.',
    '- **Small packets**: a sender with sendmmsg(2) and no offload searches the highest rate at which less than 1 % is lost;',
    '  the figure is what was received.',
    '- **Round trips**: ping, 5 ms apart; under load beside one TCP stream from A to B.',
    '- **Stages**: the datapath’s loops over ports that do nothing, which leaves the decisions in TypeScript; the native engine',
    '  on packets of 1400 bytes. 64-byte datagrams unless they say otherwise.',
    '- **The window**: a culvertd with ten tunnels, `culvert ui` started anew, an empty tab of a Chromium that has shown a',
    '  frame. It was started once before, so that Node.js has compiled what it runs. Painted is the list’s first frame; scripts',
    '  are what the page had got by then; idle is what follows, with nobody at the window: processor time of each, the browser’s',
    '  own included, from five seconds after, and all of it again a minute later, when nothing of a start is cleaned up any',
    '  more. How dear it is to wake a sleeping processor differs from hour to hour on a machine that is shared: the last two rows.',
    '- **The limit** is a relay that moves what the TUN device gives, super-packets with their virtio-net headers, through UDP',
    '  (UDP_SEGMENT, UDP_GRO) and back into TUN, with no cipher, no decision, no segmentation and no checksum. It uses the same',
    '  primitives as Culvert (`test/bench/relay/`), so nothing on this path can beat it in TCP. It does not batch its writes of',
    '  small packets.',
    '',
    ...missing.map(({ name, why }) => `Not measured: ${name}, because ${why}.\n`),
    ...failures.map((failure) => `Failed: ${failure}.\n`),
  ];
}

function whereMeasured({ date, machine, foreignLoads }: BenchResult): string[] {
  const { average, most } = summarizeForeignLoad(foreignLoads);
  return [
    '## On what',
    '',
    `${date}: ${machine.cores} cores of ${machine.processor}, ${machine.memoryGiB} GiB, ${machine.system}, Linux ${machine.kernel}, Node.js ${machine.node}.`,
    `Other work on the machine meanwhile used ${average.toFixed(2)} cores on average and ${most.toFixed(2)} at most.`,
    '',
  ];
}
