/**
 * `culvert up` and `culvert down`: saved tunnels by name, one after the other. The exit status is 0 when all of them are
 * as asked for; one that cannot come up now and is tried again is not.
 * @module
 */
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import { shellWord } from '#core/base/shell-word.ts';
import { formatComplaint } from '#core/cli/complaint.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import { exposureText, stateText } from './profile-output.ts';

/** What the commands stand on. */
export type UpSurroundings = HelperSurroundings & {
  /** Print the profiles as the contract has them, as one JSON array. */
  readonly isJson: boolean;
};

/** Run `up` or `down` for every name. Returns the exit status. */
export async function runUpDown(
  verb: 'up' | 'down',
  names: readonly string[],
  around: UpSurroundings,
): Promise<number> {
  const { terminal, isJson } = around;
  const answers: ProfileAnswer[] = [];
  const complain = (error: unknown): void => {
    if (!(error instanceof IpsecError)) throw error;
    terminal.complain(formatComplaint(verb, null, error));
  };
  const tell = (answer: ProfileAnswer): void => {
    const { profile, phase } = answer;
    const exposure = verb === 'down' ? exposureText(answer) : '';
    if (!isJson) terminal.print(`${profile.name}: ${stateText(answer)}\n${exposure}`);
    if (phase === 'retrying') terminal.complain(`${verb}: ${profile.name}: ${retryText(answer)}\n`);
    answers.push(answer);
  };
  await withHelper(around, async (client) => {
    for (const name of names) await client.call(`profile.${verb}`, { name }).then(tell, complain);
  }).catch(complain);
  if (isJson) terminal.print(`${JSON.stringify(answers, null, 2)}\n`);
  const wanted = verb === 'up' ? 'on' : 'off';
  return answers.length === names.length && answers.every(({ phase }) => phase === wanted) ? 0 : 1;
}

function retryText({ problem, profile }: ProfileAnswer): string {
  return `it is tried again until: culvert down ${shellWord(profile.name)}\n  ${problem?.hint ?? ''}`;
}
