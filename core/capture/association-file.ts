/**
 * The associations of a file in setkey's language, for a tool that needs nothing else: policies in it are left alone,
 * and what culvertd takes only with --allow-weak is taken.
 * @module
 */
import { associationSlots } from '#core/datapath/counters.ts';
import { Sad } from '#core/sad/sad.ts';
import { neverUsed, type SecurityAssociation } from '#core/sad/security-association.ts';
import { execute } from '#core/setkey/interpreter.ts';
import { wipeKeys } from '#core/setkey/key-wipe.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { refusal, type SetkeyFailure } from '#core/setkey/run.ts';
import type { Statement } from '#core/setkey/syntax.ts';
import { Spd } from '#core/spd/spd.ts';

/** What a file holds; with failures it is not to be used. */
export type AssociationFile = {
  readonly associations: readonly SecurityAssociation[];
  readonly failures: readonly SetkeyFailure[];
};

/** Read setkey text. Never throws for what it says. */
export function readAssociations(text: string): AssociationFile {
  const { statements, errors } = parseSetkey(text);
  if (errors.length > 0) return { associations: [], failures: errors.map((error) => ({ ...error, isSyntax: true })) };
  const sad = new Sad({ limit: associationSlots, allowWeak: true });
  const context = { sad, spd: new Spd(), now: 0, pid: 0, usageOf: () => neverUsed };
  const failures: SetkeyFailure[] = [];
  for (const statement of statements) {
    if (!changesAssociations(statement)) continue;
    try {
      execute(statement, context);
    } catch (error) {
      failures.push(refusal(error));
    }
  }
  wipeKeys(statements);
  return { associations: [...sad.all()], failures };
}

function changesAssociations({ kind }: Statement): boolean {
  return kind === 'add' || kind === 'update' || kind === 'delete' || kind === 'deleteall' || kind === 'flush';
}
