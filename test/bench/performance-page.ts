/**
 * docs/performance.md, made from a run of the benchmark.
 * @module
 */
import { figureNames, figures } from './figure.ts';
import { summarizeForeignLoad, type BenchResult } from './result.ts';
import { ratiosOf } from './samples.ts';
import { cells } from './table.ts';

/** The page's text. */
export function formatPage(result: BenchResult): string {
  return [
    '# Performance',
    '',
    'Written by `npm run bench -- --page`; do not edit. Run it to have the figures of your own machine.',
    '',
    ...tableLines(result),
    '',
    ...ratioLines(result),
    ...howMeasured(result),
    ...whereMeasured(result),
  ].join('\n');
}

function tableLines(result: BenchResult): string[] {
  const labels = result.contenders.map(({ label }) => label);
  return [
    `| | unit | ${labels.join(' | ')} |`,
    `| --- | --- |${labels.map(() => ' ---: |').join('')}`,
    ...figureNames().map((figure) => {
      const { label, unit } = figures[figure];
      return `| ${label} | ${unit} | ${cells(result, figure).join(' | ')} |`;
    }),
  ];
}

function ratioLines({ samples }: BenchResult): string[] {
  const rows = Object.entries(ratiosOf(samples)).map(([name, ratio]) => `| \`${name}\` | ${ratio.toFixed(3)} |`);
  return rows.length === 0 ? [] : ['| ratio of medians | |', '| --- | ---: |', ...rows, ''];
}

function howMeasured({ rounds, seconds, missing, failures }: BenchResult): string[] {
  return [
    '## What was measured',
    '',
    'Each contender has two network namespaces of its own on a veth pair of MTU 1500. Culvert runs one culvertd in each,',
    'AES-256-GCM, inner MTU 1400. All ends and all daemons share the one machine. iperf3 (cubic) makes the TCP and UDP',
    'traffic, ping the round trips; processor time is user and system time of all threads of both daemons.',
    `Contenders take turns within each of ${rounds} rounds of ${seconds} s a measurement; the table has medians, with the least and the`,
    'most in brackets. A dash: it does not apply.',
    '',
    'UDP datagrams of 64 bytes are sent as fast as iperf3 can; what is lost is what came too much. On the plain veth pair',
    'iperf3 itself is the limit. Pings are 5 ms apart, with nothing else on the contender.',
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
