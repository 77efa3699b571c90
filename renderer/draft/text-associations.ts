/**
 * The associations of a text as a draft has them: one pair for each inner family, all with one suite and one lifetime.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { findEncryptionAlgorithm, findIntegrityAlgorithm } from '#core/crypto/algorithms.ts';
import type { AssociationStatement, KeyedAlgorithm } from '#core/setkey/syntax.ts';
import { toHex } from '#core/base/bytes.ts';
import type { TextFault } from './draft-text.ts';
import { bytesPerGib, secondsPerDay } from './draft-profile.ts';
import type { Draft } from './draft.ts';
import { noKeys, type PastedKeys, type PastedPair } from './pasted-keys.ts';
import { suiteChoices, suiteId } from './suite-choice.ts';

/** Write what `added` says into `changes`; gives the keys that stood there. `peer` is where the tunnel leads. */
export function addAssociations(
  changes: Partial<Draft>,
  added: readonly AssociationStatement[],
  peer: string | null,
  faults: TextFault[],
): readonly PastedPair[] | null {
  const [first] = added;
  if (first === undefined) return null;
  const out = added.filter(({ destination }) => destination.address === peer);
  const into = added.filter((statement) => !out.includes(statement));
  if (out.length !== into.length || out.length > 2) {
    faults.push({ line: first.position.line, message: 'each direction needs one association for each inner family' });
    return null;
  }
  takeSpis(changes, out, into);
  takeSuite(changes, first, faults);
  takeLifetime(changes, first);
  return [0, 1].map((index) => {
    const [one, other] = [out[index], into[index]];
    return one === undefined || other === undefined ? noKeys : { out: keysOf(one), in: keysOf(other) };
  });
}

function takeSpis(
  changes: Partial<Draft>,
  out: readonly AssociationStatement[],
  into: readonly AssociationStatement[],
): void {
  const text = (statement: AssociationStatement | undefined): string | null =>
    statement === undefined ? null : formatSpi(statement.spi);
  changes.spiOut = text(out[0]) ?? '';
  changes.spiIn = text(into[0]) ?? '';
  const [spiOut6, spiIn6] = [text(out[1]), text(into[1])];
  if (spiOut6 !== null) changes.spiOut6 = spiOut6;
  if (spiIn6 !== null) changes.spiIn6 = spiIn6;
}

function takeSuite(
  changes: Partial<Draft>,
  { encryption, integrity, position }: AssociationStatement,
  faults: TextFault[],
): void {
  const name = encryption === null ? null : findEncryptionAlgorithm(encryption.name);
  const partner = integrity === null ? null : findIntegrityAlgorithm(integrity.name);
  const id = name === null ? '' : suiteId(name, partner);
  if (suiteChoices.some((choice) => choice.id === id)) changes.suite = id;
  else
    faults.push({ line: position.line, message: `${id || 'no encryption'} is not a suite that a new tunnel may have` });
}

function takeLifetime(changes: Partial<Draft>, { options }: AssociationStatement): void {
  const { hardSeconds, softSeconds, hardBytes } = options;
  changes.lifeDays = decimal(hardSeconds / secondsPerDay);
  changes.remindDays = decimal(Math.max(0, hardSeconds - softSeconds) / secondsPerDay);
  changes.lifeGib = decimal(hardBytes / bytesPerGib);
}

/** Nine places are exact to the second and to the byte. */
function decimal(value: number): string {
  return String(Number(value.toFixed(9)));
}

function keysOf({ encryption, integrity }: AssociationStatement): PastedKeys {
  return { encryption: hexOf(encryption), integrity: hexOf(integrity) };
}

function hexOf(algorithm: KeyedAlgorithm | null): string {
  return algorithm?.key === null || algorithm === null ? '' : toHex(algorithm.key.reveal());
}
