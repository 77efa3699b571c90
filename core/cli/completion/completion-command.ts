/**
 * `culvert completion SHELL`: prints the script that makes a shell complete `culvert`, and answers what that asks.
 * @module
 */
import type { Command } from 'commander';
import { IpsecError } from '#core/base/error.ts';
import { sysctlNodes } from '#core/api/sysctl-names.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { printCompletion, type LiveNames } from './candidate.ts';
import { complete } from './complete.ts';
import { shells, shellScripts } from './shell-script.ts';

/** Text of `culvert completion --help`. */
export const completionHelp = `
Put the line for your shell where it starts:
  bash   eval "$(culvert completion bash)"       in ~/.bashrc
  zsh    source <(culvert completion zsh)        in ~/.zshrc, behind compinit
  fish   culvert completion fish | source        in ~/.config/fish/config.fish
Names of interfaces and profiles are asked of culvertd; without it the rest is completed.
`;

/** What the completion command stands on. */
export type CompletionSurroundings = HelperSurroundings & {
  /** The whole program: what it knows is what is completed. */
  readonly program: Command;
};

/** Run `completion` with `words`: the name of a shell, or `words -- WORD …` from its script. Returns the exit status. */
export async function runCompletion(
  words: readonly string[],
  { terminal, connect, program }: CompletionSurroundings,
): Promise<number> {
  const [first, ...rest] = words;
  const shell = shells.find((known) => known === first);
  if (shell !== undefined && rest.length === 0) {
    terminal.print(shellScripts[shell]);
    return 0;
  }
  if (first !== 'words') {
    terminal.complain(
      `completion: ${first === undefined ? 'a shell is needed' : `unknown shell "${first.slice(0, 40)}"`}: ${shells.join(', ')}\n`,
    );
    return 1;
  }
  const typed = rest[0] === '--' ? rest.slice(1) : rest;
  const completion = await complete(program, typed.slice(0, -1), liveNames(connect));
  terminal.print(printCompletion(completion, typed.at(-1) ?? ''));
  return 0;
}

function liveNames(connect: CompletionSurroundings['connect']): LiveNames {
  return {
    interfaces: () =>
      ask(connect, async (client) => (await client.call('status.get', {})).interfaces.map(({ name }) => name)),
    profiles: () =>
      ask(connect, async (client) =>
        (await client.call('profile.list', {})).profiles.map(({ profile }) => profile.name),
      ),
    sysctls: () =>
      ask(connect, async (client) => sysctlNodes(await client.call('status.get', {})).map(({ name }) => name)),
  };
}

/** What the helper knows; nothing where there is none, for a key press is no time to complain. */
async function ask(
  connect: CompletionSurroundings['connect'],
  question: (client: HelperClient) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await withHelper({ connect }, question);
  } catch (error) {
    if (error instanceof IpsecError) return [];
    throw error;
  }
}
