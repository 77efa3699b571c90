/**
 * Where in the text the word stands that a refusal is about. SAD and SPD name a field of what they were asked for; the
 * statement knows which word gave it.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Marks, Position, Statement } from './syntax.ts';

/** The refusal of `statement` with `line` and `column` in its details, unless it has them already. */
export function locateRefusal(statement: Statement, error: IpsecError): IpsecError {
  const { line, column } = positionOf(statement, error.details['field']);
  return new IpsecError(error.code, error.message, { line, column, ...error.details }, error);
}

/** Fields that are about a word whose mark has another name. */
const marksOfFields: Readonly<Record<string, readonly (keyof Marks)[]>> = {
  ports: ['source'],
  'ports.source': ['source'],
  'ports.destination': ['destination'],
  // A lifetime is missing: the one that is given shows where.
  soft: ['hard.addSeconds', 'hard.bytes'],
  hard: ['soft.addSeconds', 'soft.bytes'],
};

/** The statement itself where the word is not known. */
function positionOf(statement: Statement, field: unknown): Position {
  const marks: Readonly<Record<string, Position | undefined>> = 'marks' in statement ? statement.marks : {};
  if (typeof field !== 'string') return statement.position;
  const names = Object.hasOwn(marksOfFields, field) ? marksOfFields[field] : undefined;
  for (const name of names ?? [field]) {
    const marked = Object.hasOwn(marks, name) ? marks[name] : undefined;
    if (marked !== undefined) return marked;
  }
  if (statement.kind !== 'add' && statement.kind !== 'update') return statement.position;
  if (field === 'encryption' || field === 'encryptionKey') return (statement.encryption ?? statement).position;
  if (field === 'integrity' || field === 'integrityKey') return (statement.integrity ?? statement).position;
  if (field === 'compression') return (statement.compression ?? statement).position;
  if (field === 'context') return (statement.options.context ?? statement).position;
  return statement.position;
}
