/**
 * `npm test` and its parts: runs every part, several at a time where they do not disturb each other, prints a line
 * for each and the output of those that fail. Arguments: names of parts, and test files in place of all.
 * @module
 */
import { availableParallelism } from 'node:os';
import { listParts, type Part } from './parts.ts';
import { summarizeTests } from './summary.ts';
import { StepRunner, type Step } from './step.ts';

type Outcome = 'ok' | 'FAIL' | 'skip';

const runner = new StepRunner();
let isInterrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    isInterrupted = true;
    runner.stop();
  });
}

const startMs = performance.now();
const outcomes = await runParts(chooseParts(process.argv.slice(2)));
printSummary(outcomes);

function chooseParts(args: readonly string[]): readonly Part[] {
  const files = args.filter((arg) => arg.includes('/'));
  const names = args.filter((arg) => !arg.includes('/'));
  const parts = listParts(files);
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `no part called ${unknown.join(', ')}; there are ${parts.map((part) => part.name).join(', ')}\n`,
    );
    process.exit(1);
  }
  return parts.filter((part) => names.length === 0 || names.includes(part.name));
}

/** Those that share the machine first, as many at a time as there are cores; then the others, one by one. */
async function runParts(parts: readonly Part[]): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const drain = async (queue: Part[]): Promise<void> => {
    for (let part = queue.shift(); part !== undefined && !isInterrupted; part = queue.shift()) {
      outcomes.set(part.name, await runPart(part));
    }
  };
  const shared = parts.filter((part) => !part.runsAlone);
  await Promise.all(Array.from({ length: availableParallelism() }, () => drain(shared)));
  await drain(parts.filter((part) => part.runsAlone));
  return outcomes;
}

async function runPart(part: Part): Promise<Outcome> {
  if (part.missing !== null) {
    printLine('skip', part.name, `missing: ${part.missing}`);
    return 'skip';
  }
  const partStartMs = performance.now();
  const failures: string[] = [];
  const notes: string[] = [];
  for (const step of part.steps) {
    const { status, output } = await runner.run(step);
    const summary = summarizeTests(output);
    if (summary.note !== '') notes.push(summary.note);
    if (status !== 0) failures.push(`$ ${describeStep(step)}\n${summary.failures}`);
  }
  const outcome = failures.length === 0 ? 'ok' : 'FAIL';
  printLine(outcome, part.name, [seconds(partStartMs), ...notes].join('   '));
  for (const failure of failures) process.stdout.write(`${failure.trimEnd()}\n`);
  return outcome;
}

function printSummary(outcomes: ReadonlyMap<string, Outcome>): void {
  const named = (outcome: Outcome): string =>
    [...outcomes].flatMap(([name, value]) => (value === outcome ? [name] : [])).join(', ') || 'none';
  process.stdout.write(
    `passed: ${named('ok')}; failed: ${named('FAIL')}; skipped: ${named('skip')} (${seconds(startMs)})\n`,
  );
  if (isInterrupted) process.stdout.write('interrupted\n');
  process.exitCode = isInterrupted ? 130 : [...outcomes.values()].includes('FAIL') ? 1 : 0;
}

function printLine(outcome: Outcome, name: string, text: string): void {
  process.stdout.write(`${outcome.padEnd(4)} ${name.padEnd(13)} ${text}\n`);
}

/** The command line, cut where a list of test files makes it long. */
function describeStep({ command, args }: Step): string {
  const line = [command, ...args].join(' ');
  return line.length > 200 ? `${line.slice(0, 200)} …` : line;
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
