/**
 * `culvert up` and `culvert down`: saved tunnels by name, one after the other. The exit status is 0 when all of them are
 * as asked for; one that cannot come up now and is tried again is not.
 * @module
 */
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { formatComplaint } from '#core/cli/complaint.ts';
import { exposureText, stateText } from './profile-output.ts';
import type { Terminal } from '#core/cli/terminal.ts';

/** What the commands stand on. */
export type UpSurroundings = {
  readonly terminal: Terminal;
  readonly connect: () => Promise<HelperClient>;
  /** Print the profiles as the contract has them, as one JSON array. */
  readonly isJson: boolean;
};

/** Run `up` or `down` for every name. Returns the exit status. */
export async function runUpDown(
  verb: 'up' | 'down',
  names: readonly string[],
  { terminal, connect, isJson }: UpSurroundings,
): Promise<number> {
  const answers: ProfileAnswer[] = [];
  const complain = (error: unknown): void => {
    if (!(error instanceof IpsecError)) throw error;
    terminal.complain(formatComplaint(verb, null, error));
  };
  try {
    const client = await connect();
    try {
      for (const name of names) {
        await client.call(`profile.${verb}`, { name }).then((answer) => {
          answers.push(answer);
          if (!isJson)
            terminal.print(
              `${answer.profile.name}: ${stateText(answer)}\n${verb === 'down' ? exposureText(answer) : ''}`,
            );
          if (answer.phase === 'retrying') terminal.complain(`${verb}: ${answer.profile.name}: ${retryText(answer)}\n`);
        }, complain);
      }
    } finally {
      client.close();
    }
  } catch (error) {
    complain(error);
  }
  if (isJson) terminal.print(`${JSON.stringify(answers, null, 2)}\n`);
  const wanted = verb === 'up' ? 'on' : 'off';
  return answers.length === names.length && answers.every(({ phase }) => phase === wanted) ? 0 : 1;
}

function retryText({ problem, profile }: ProfileAnswer): string {
  return `it is tried again until: culvert down ${shellWord(profile.name)}\n  ${problem?.hint ?? ''}`;
}

/** As a shell reads it: names may have blanks, but no quotes. */
function shellWord(name: string): string {
  return name.includes(' ') ? `'${name}'` : name;
}
