/**
 * What deserves a warning although it is carried out: a mode where none is needed (setkey's own warning, parse.y), and
 * counter modes whose keys are set by hand (RFC 8221 §3). Such a key outlives every restart, and a cipher whose
 * IV is a counter gives its key away when one IV is used twice. This side never does that (core/helper/iv-store.ts keeps
 * what was reserved); nobody can promise it for the other end.
 * @module
 */
import { encryptionRow, findEncryptionAlgorithm } from '#core/crypto/algorithms.ts';
import { defaultOptions } from './association-parser.ts';
import type { NameStatement, Statement } from './syntax.ts';

/** One line for all statements of a run that deserve it; empty when none does. No key is in it. */
export function manualKeyWarnings(statements: readonly Statement[]): string[] {
  const names = new Set<string>();
  let firstLine = 0;
  for (const statement of statements) {
    const name = counterModeOf(statement);
    if (name === null) continue;
    if (names.size === 0) firstLine = statement.position.line;
    names.add(name);
  }
  if (names.size === 0) return [];
  return [
    `line ${firstLine}: ${[...names].join(', ')} with keys set by hand: an IV that either end uses twice, after a restart ` +
      'for instance, gives the key away (RFC 8221 §3). Culvert never repeats one; the other end may. ' +
      'Use aes-cbc with hmac-sha256 unless you know that it does not.',
  ];
}

/** The name of the counter mode that a statement gives a key for; null for every other statement. */
function counterModeOf(statement: Statement): string | null {
  if (statement.kind !== 'add' && statement.kind !== 'update') return null;
  const name = findEncryptionAlgorithm(statement.encryption?.name ?? '');
  return name !== null && encryptionRow(name).hasCounterIv ? name : null;
}

/** One line for each `get` and `delete` with `-m`: addresses, protocol and SPI name an association without it. */
export function obsoleteModeWarnings(statements: readonly Statement[]): string[] {
  return statements
    .filter((statement) => isNamed(statement) && statement.options.mode !== defaultOptions.mode)
    .map(({ position }) => `line ${position.line}: WARNING: mode is obsolete`);
}

function isNamed(statement: Statement): statement is NameStatement {
  return statement.kind === 'get' || statement.kind === 'delete';
}
