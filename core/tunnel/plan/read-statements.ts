/**
 * Setkey text to associations and policies as they should be: what is there when all statements were carried out on an
 * empty SAD and SPD, beside the policies of the declared interfaces.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import { neverUsed } from '#core/sad/security-association.ts';
import { execute } from '#core/setkey/interpreter.ts';
import { wipeKeys } from '#core/setkey/key-wipe.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import type { Statement } from '#core/setkey/syntax.ts';
import { selectorKey } from '#core/spd/selector.ts';
import type { DeclaredAt, DesiredAssociation, DesiredPolicy } from './desired-state.ts';
import { problemOf } from './file-problem.ts';
import type { ReadSurroundings } from './read-interfaces.ts';

/** What setkey text declares. */
export type DeclaredStatements = {
  readonly associations: readonly DesiredAssociation[];
  readonly policies: readonly DesiredPolicy[];
};

/** Read all texts, one after the other. */
export function readStatements(files: readonly NamedText[], around: ReadSurroundings): DeclaredStatements {
  const { databases, problems } = around;
  const places = new Map<string, DeclaredAt>();
  for (const { name: file, text } of files) {
    const { statements, errors } = parseSetkey(text);
    for (const { line, column, message, hint } of errors) problems.push({ file, line, column, message, hint });
    for (const statement of statements) carryOut(statement, file, places, around);
    wipeKeys(statements);
  }
  const nowhere: DeclaredAt = { file: '', line: 1, column: 1 };
  return {
    // The SAD lists the newest first; what comes later in a text is to be newer.
    associations: [...databases.sad.all()]
      .toSorted((left, right) => left.id - right.id)
      .map((spec) => ({
        ...{ spec, owner: null, resumeAt: 0 },
        at: places.get(`${spec.destination} ${spec.spi}`) ?? nowhere,
      })),
    policies: databases.spd
      .list()
      .filter(({ origin }) => origin === 'user')
      .map((spec) => ({ spec, at: places.get(`${spec.direction} ${selectorKey(spec.selector)}`) ?? nowhere })),
  };
}

function carryOut(
  statement: Statement,
  file: string,
  places: Map<string, DeclaredAt>,
  { databases: { sad, spd }, problems }: ReadSurroundings,
): void {
  const at = { file, ...statement.position };
  const isDump = statement.kind === 'dump' || statement.kind === 'spddump' || statement.kind === 'get';
  if (isDump) return;
  try {
    execute(statement, {
      ...{ sad, spd, now: 0, pid: 0, usageOf: () => neverUsed },
      onChange: (change) => {
        if (change.kind === 'policy') places.set(`${change.direction} ${selectorKey(change)}`, at);
        if (change.kind === 'association') places.set(`${change.destination} ${change.spi}`, at);
      },
    });
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    problems.push(problemOf(error, at));
  }
}
