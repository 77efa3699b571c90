/**
 * Deletes one association in setkey's words, all or nothing.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Bridge } from '../../bridge.ts';
import type { AssociationRow } from '../../state/association-row.ts';
import { setkeyStatement } from './association-copies.ts';

/** Delete it. @throws {IpsecError} `SA_NOT_FOUND` with the reason of the refusal. */
export async function deleteAssociation(bridge: Bridge, row: AssociationRow): Promise<void> {
  const text = setkeyStatement('delete', row);
  const { errors } = await bridge.call('setkey.run', { text, semantics: 'file' });
  const [first] = errors;
  if (first !== undefined) throw new IpsecError('SA_NOT_FOUND', first.message, { spi: row.spi });
}
