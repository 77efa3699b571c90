/**
 * `culvert plan`, `diff`, `apply` and `confirm`: configuration files against the machine, or against each other.
 *
 * Exit status of `plan` and `diff`: 0 when nothing changes, 2 when something does, 1 for an error. Of `apply` and `confirm`:
 * 0 when it was done, 1 otherwise.
 * @module
 */
import type { PendingAnswer, PlanAnswer } from '#core/api/configuration-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { exitStatusOf } from '#core/cli/complaint.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import { readNamedFiles } from '#core/cli/named-file.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import { compareFiles } from '#core/tunnel/plan/file-difference.ts';
import { formatPlan, formatProblems, isUnchanged } from './plan-output.ts';

/** The word for the machine as it is, in the place of files. */
const runningWord = 'running';

const done = 0;
const failed = 1;
const changed = 2;

/** Run `plan`: from the machine to the files. */
export function runPlan(files: readonly string[], isJson: boolean, around: HelperSurroundings): Promise<number> {
  return exitStatusOf('plan', around.terminal, async () => {
    const texts = await readNamedFiles(files, around.terminal);
    const answer = await withHelper(around, (client) =>
      client.call('configuration.plan', { files: [...texts], direction: 'to-files' }),
    );
    return show('plan', answer, isJson, around);
  });
}

/** Run `diff`: from one side to the other; a side is files with commas between them, or `running`. */
export function runDiff(sides: readonly string[], isJson: boolean, around: HelperSurroundings): Promise<number> {
  return exitStatusOf('diff', around.terminal, async () =>
    show('diff', await compareSides(sides, around), isJson, around),
  );
}

/** Run `apply`. `confirm` is seconds, with or without a unit; undefined: the change stays. */
export function runApply(
  files: readonly string[],
  flags: { readonly confirm?: string; readonly json?: boolean },
  around: HelperSurroundings,
): Promise<number> {
  return exitStatusOf('apply', around.terminal, async () => {
    const confirmSeconds = flags.confirm === undefined ? null : readSeconds(flags.confirm);
    const texts = await readNamedFiles(files, around.terminal);
    const answer = await withHelper(around, (client) =>
      client.call('configuration.apply', { files: [...texts], confirmSeconds }),
    );
    const status = show('apply', answer, flags.json === true, around);
    if (status === failed) return failed;
    if (confirmSeconds !== null) {
      const when = `in ${confirmSeconds} s it is taken back, unless you say: culvert confirm`;
      around.terminal.complain(`apply: ${when}\n`);
    }
    return done;
  });
}

/** What `confirm` does. */
export type ConfirmFlags = { readonly revert?: boolean; readonly status?: boolean; readonly json?: boolean };

/** Run `confirm`: keep the change that waits, take it back, or only tell of it. */
export function runConfirm({ revert, status, json }: ConfirmFlags, around: HelperSurroundings): Promise<number> {
  const { terminal } = around;
  return exitStatusOf('confirm', around.terminal, () =>
    withHelper(around, async (client) => {
      if (status === true) {
        const answer = await client.call('configuration.pending', {});
        terminal.print(json === true ? `${JSON.stringify(answer, null, 2)}\n` : await pendingText(client, answer));
        return done;
      }
      await client.call(revert === true ? 'configuration.revert' : 'configuration.confirm', {});
      terminal.print(revert === true ? 'taken back\n' : 'confirmed\n');
      return done;
    }),
  );
}

async function compareSides([before, after]: readonly string[], around: HelperSurroundings): Promise<PlanAnswer> {
  if (before === undefined || after === undefined) throw new IpsecError('PLAN_USAGE', 'diff needs two sides');
  if (before === runningWord && after === runningWord) {
    throw new IpsecError('PLAN_USAGE', 'only one side can be what is running');
  }
  const read = (side: string): Promise<NamedText[]> => readNamedFiles(side.split(','), around.terminal);
  if (before !== runningWord && after !== runningWord) return compareFiles(await read(before), await read(after));
  const direction = before === runningWord ? ('to-files' as const) : ('from-files' as const);
  const files = await read(before === runningWord ? after : before);
  return withHelper(around, (client) => client.call('configuration.plan', { files, direction }));
}

function show(tool: string, answer: PlanAnswer, isJson: boolean, { terminal }: HelperSurroundings): number {
  const { problems, plan } = answer;
  if (isJson) terminal.print(`${JSON.stringify(answer, null, 2)}\n`);
  else if (plan !== null) terminal.print(formatPlan(plan));
  terminal.complain(formatProblems(tool, problems));
  if (plan === null) {
    terminal.complain(`${tool}: nothing was changed\n`);
    return failed;
  }
  return isUnchanged(plan) ? done : changed;
}

async function pendingText(client: HelperClient, { pending, lastRevert }: PendingAnswer): Promise<string> {
  const { nowMs } = await client.call('status.get', {});
  const waits =
    pending === null
      ? 'nothing waits to be confirmed\n'
      : `a change waits to be confirmed; in ${Math.max(0, Math.ceil((pending.deadlineMs - nowMs) / 1000))} s it is taken back\n`;
  if (lastRevert === null) return waits;
  const ago = Math.max(0, Math.round((nowMs - lastRevert.atMs) / 1000));
  const outcome =
    lastRevert.problem === null ? 'was taken back' : `could not be taken back (${lastRevert.problem.message})`;
  return `${waits}${ago} s ago a change ${outcome}: ${revertText[lastRevert.why]}\n`;
}

const revertText: Readonly<Record<NonNullable<PendingAnswer['lastRevert']>['why'], string>> = {
  unconfirmed: 'nobody confirmed it',
  asked: 'somebody asked for it',
  killed: 'culvertd was killed before anybody confirmed it',
};

/** `60`, `60s`, `5m` or `1h`. */
function readSeconds(text: string): number {
  const match = /^([0-9]{1,6})(s|m|h)?$/.exec(text);
  const seconds = Number(match?.[1] ?? 0) * { s: 1, m: 60, h: 3600 }[(match?.[2] ?? 's') as 's' | 'm' | 'h'];
  if (match !== null && seconds >= 1 && seconds <= 86_400) return seconds;
  throw new IpsecError('PLAN_USAGE', `"${text.slice(0, 20)}" is no time from 1s to 24h`, { field: 'confirm' });
}
