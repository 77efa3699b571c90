/**
 * What can be said about a statement by itself, before it meets an SAD or an SPD: whether Culvert carries what it asks
 * for, and whether its keys fit. For an editor, and for texts that are not carried out because another statement is wrong.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { checkAssociation } from '#core/sad/association-check.ts';
import { toAssociationSpec } from './association-spec.ts';
import { refuseTag, toPolicySpec, toSelector } from './policy-spec.ts';
import { locateRefusal } from './refusal-place.ts';
import type { Statement } from './syntax.ts';

/** Why the statement would be refused whatever there is already, with `line` and `column`; null when that depends. */
export function checkStatement(statement: Statement): IpsecError | null {
  try {
    check(statement);
    return null;
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    return locateRefusal(statement, error);
  }
}

/** Weak algorithms pass: whether they are allowed is the helper's to know. */
function check(statement: Statement): void {
  const { kind } = statement;
  if (kind === 'add' || kind === 'update') checkAssociation(toAssociationSpec(statement), true);
  else if (kind === 'spdadd' || kind === 'spdupdate') toPolicySpec(statement);
  else if (kind === 'spddelete') toSelector(statement);
  else if (kind === 'tagged') refuseTag();
}
