/**
 * From the methods about the configuration to the configuration of the machine.
 * @module
 */
import type { ConfigurationControl, PendingView } from '#core/tunnel/plan/configuration-control.ts';
import type { PlanOutcome } from '#core/tunnel/plan/file-difference.ts';
import type { ConfigurationMethod, PendingAnswer, PlanAnswer } from './configuration-contract.ts';
import type { Params, Result } from './contract.ts';

/** What of the configuration the API drives. */
export type ConfigurationTarget = {
  readonly configuration: Pick<ConfigurationControl, 'plan' | 'apply' | 'confirm' | 'revert' | 'pending'>;
};

type ConfigurationHandlers = {
  readonly [M in ConfigurationMethod]: (
    target: ConfigurationTarget,
    params: Params<M>,
    caller: { readonly pid: number },
  ) => Promise<Result<M>> | Result<M>;
};

/** One handler for each method. */
export const configurationHandlers: ConfigurationHandlers = {
  'configuration.plan': async ({ configuration }, { files, direction }) =>
    toAnswer(await configuration.plan(files, direction)),
  'configuration.apply': async ({ configuration }, { files, confirmSeconds }, { pid }) =>
    toAnswer(await configuration.apply(files, confirmSeconds === null ? null : confirmSeconds * 1000, pid)),
  'configuration.confirm': async ({ configuration }) => {
    await configuration.confirm();
    return {};
  },
  'configuration.revert': async ({ configuration }) => {
    await configuration.revert('asked');
    return {};
  },
  'configuration.pending': ({ configuration }) => toPending(configuration.pending()),
};

function toAnswer({ problems, plan }: PlanOutcome): PlanAnswer {
  return { problems: [...problems], plan };
}

function toPending({ pending, lastRevert }: PendingView): PendingAnswer {
  if (lastRevert === null) return { pending, lastRevert };
  const { atMs, why, problem } = lastRevert;
  const shown = problem === null ? null : { code: problem.code, message: problem.message, hint: problem.hint };
  return { pending, lastRevert: { atMs, why, problem: shown } };
}
