/**
 * What deserves a warning although it is carried out: a mode where none is needed (setkey's own warning, parse.y); a key
 * with an odd number of digits, which parse.y reads as if a 0 stood in front, though one was more likely forgotten;
 * extended sequence numbers without replay protection (RFC 4303 §3.3.3); and counter modes whose keys are set by hand
 * (RFC 8221 §3). Such a key outlives every restart, and a cipher whose IV is a counter gives its key away when one IV is
 * used twice. This side never does that (core/helper/iv-store.ts keeps what was reserved); nobody can promise it for the
 * other end.
 * @module
 */
import { encryptionRow, findEncryptionAlgorithm } from '#core/crypto/algorithms.ts';
import { defaultOptions } from '#core/setkey/reading/association-parser.ts';
import { oddKeyMarks, type AssociationStatement, type NameStatement, type Position, type Statement } from './syntax.ts';

/** One warning. No key is in it. */
export type StatementWarning = {
  readonly code: 'SETKEY_COUNTER_KEY' | 'SETKEY_ESN_REPLAY' | 'SETKEY_MODE_OBSOLETE' | 'SETKEY_ODD_KEY';
  readonly position: Position;
  /** What is wrong. */
  readonly message: string;
  /** What helps, or why it matters. */
  readonly hint: string;
};

/** Every warning that the statements of one text deserve. */
export function statementWarnings(statements: readonly Statement[]): StatementWarning[] {
  return [
    ...obsoleteModeWarnings(statements),
    ...oddKeyWarnings(statements),
    ...manualKeyWarnings(statements),
    ...esnWarnings(statements),
  ];
}

/** The warning as a line: `line N: …`. */
export function formatWarning({ position, message, hint }: StatementWarning): string {
  return `line ${position.line}: ${message}${hint === '' ? '' : `: ${hint}`}`;
}

/** One warning for all statements of a run that deserve it; none when none does. */
export function manualKeyWarnings(statements: readonly Statement[]): StatementWarning[] {
  const names = new Set<string>();
  let position: Position | null = null;
  for (const statement of statements) {
    const name = counterModeOf(statement);
    if (name === null) continue;
    position ??= statement.position;
    names.add(name);
  }
  if (position === null) return [];
  const hint =
    'an IV that either end uses twice, after a restart for instance, gives the key away (RFC 8221 §3). ' +
    'Culvert never repeats one; the other end may. Use aes-cbc with hmac-sha256 unless you know that it does not.';
  return [{ code: 'SETKEY_COUNTER_KEY', position, message: `${[...names].join(', ')} with keys set by hand`, hint }];
}

/** The name of the counter mode that a statement gives a key for; null for every other statement. */
function counterModeOf(statement: Statement): string | null {
  if (statement.kind !== 'add' && statement.kind !== 'update') return null;
  const name = findEncryptionAlgorithm(statement.encryption?.name ?? '');
  return name !== null && encryptionRow(name).hasCounterIv ? name : null;
}

/** One for each `get` and `delete` with `-m`: addresses, protocol and SPI name an association without it. */
export function obsoleteModeWarnings(statements: readonly Statement[]): StatementWarning[] {
  return statements
    .filter((statement) => isNamed(statement) && statement.options.mode !== defaultOptions.mode)
    .map(({ position }) => ({
      code: 'SETKEY_MODE_OBSOLETE',
      position,
      message: 'WARNING: mode is obsolete',
      hint: '',
    }));
}

function isNamed(statement: Statement): statement is NameStatement {
  return statement.kind === 'get' || statement.kind === 'delete';
}

/** One for each key with an odd number of digits, at the key. */
function oddKeyWarnings(statements: readonly Statement[]): StatementWarning[] {
  const warnings: StatementWarning[] = [];
  for (const statement of statements) {
    if (statement.kind !== 'add' && statement.kind !== 'update') continue;
    for (const name of oddKeyMarks) {
      const position = statement.marks[name];
      if (position === undefined) continue;
      const message = `the key at column ${position.column} has an odd number of hexadecimal digits`;
      const hint = 'it is read as if a 0 stood in front, as setkey(8) does; a digit may be missing';
      warnings.push({ code: 'SETKEY_ODD_KEY', position, message, hint });
    }
  }
  return warnings;
}

/**
 * One for the first association with extended numbers that has no replay window, in neither direction of its pair: a
 * receiver that checks no replays should not use them (RFC 4303 §3.3.3); who only sends needs no window. With keys set by
 * hand that is the user's to say.
 */
export function esnWarnings(statements: readonly Statement[]): StatementWarning[] {
  const added = statements.filter(isAssociation).filter(({ options }) => options.hasEsn);
  const withWindow = new Set(
    added
      .filter(({ options }) => options.replayBytes > 0)
      .map(({ source, destination }) => `${source.address} ${destination.address}`),
  );
  const bare = added.find(({ source, destination, options }) => {
    return options.replayBytes === 0 && !withWindow.has(`${destination.address} ${source.address}`);
  });
  if (bare === undefined) return [];
  const hint =
    'who receives on it finds out no replays, and should not use extended numbers (RFC 4303 §3.3.3); add -r 8';
  return [{ code: 'SETKEY_ESN_REPLAY', position: bare.position, message: '-esn without a replay window', hint }];
}

function isAssociation(statement: Statement): statement is AssociationStatement {
  return statement.kind === 'add' || statement.kind === 'update';
}
