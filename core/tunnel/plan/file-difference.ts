/**
 * `culvert diff A B`: what two sets of files ask for, compared without a machine: each is carried out on databases of its
 * own. Where only one of them speaks of interfaces, or of associations and policies, that is all added or all removed.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import { Transaction } from '#core/tunnel/transaction.ts';
import { drySteps } from '#core/tunnel/command/interface-steps.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import { carryOutSteps } from './carry-out.ts';
import { nothingHeld, type DesiredState } from './desired-state.ts';
import { problemOf, type FileProblem } from './file-problem.ts';
import { machineState } from './machine-state.ts';
import { comparePlan, type Plan } from './plan.ts';
import { readDesired, scratchDatabases } from './read-desired.ts';
import { reconcile } from './reconcile.ts';

/** What came of it: a plan, or what is wrong with the files. */
export type PlanOutcome = { readonly problems: FileProblem[]; readonly plan: Plan | null };

/** Compare: the plan goes from `before` to `after`. */
export async function compareFiles(before: readonly NamedText[], after: readonly NamedText[]): Promise<PlanOutcome> {
  const sides = [await buildState(before), await buildState(after)] as const;
  const problems = sides.flatMap((side) => side.problems);
  const [old, next] = sides;
  if (problems.length > 0 || old.databases === null || next.databases === null) return { problems, plan: null };
  const notes = [...new Set([...old.notes, ...next.notes])];
  const plan = comparePlan(machineState(old.databases), machineState(next.databases), notes);
  for (const { databases } of [old, next]) wipe(databases);
  return { problems, plan };
}

type Built = {
  readonly databases: Databases | null;
  readonly problems: readonly FileProblem[];
  readonly notes: readonly string[];
};

async function buildState(files: readonly NamedText[]): Promise<Built> {
  const { problems, desired } = await readDesired(files);
  if (desired === null) return { databases: null, problems, notes: [] };
  const databases = scratchDatabases();
  try {
    await carryOutDry(databases, desired);
    return { databases, problems, notes: desired.notes };
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    const at = { file: String(error.details['file'] ?? files[0]?.name ?? ''), line: 1, column: 1 };
    return { databases: null, problems: [problemOf(error, at)], notes: [] };
  }
}

/** Steps on databases alone; the caller takes them back where they are not to stay. */
export async function carryOutDry(databases: Databases, desired: DesiredState, held = nothingHeld): Promise<void> {
  const transaction = new Transaction();
  await carryOutSteps(reconcile(databases, desired, held), {
    ...{ databases, transaction, host: null, now: 0, pid: 0 },
    interface: drySteps(databases.ipsecif, transaction),
    detach: (name) => databases.ipsecif.destroy(name),
    resume: () => undefined,
    announce: () => undefined,
  });
}

function wipe(databases: Databases | null): void {
  for (const association of databases?.sad.all() ?? []) {
    association.encryptionKey.wipe();
    association.integrityKey?.wipe();
  }
}
