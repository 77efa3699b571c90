/**
 * The generated tables of docs/: errors, drop reasons, algorithms. Markdown as Prettier leaves it.
 * @module
 */
import { errorCatalog, type ErrorRow } from '#core/base/error-catalog.ts';
import { errnoText } from '#core/base/errno.ts';
import { encryptionAlgorithms, integrityAlgorithms, refusedAlgorithms } from '#core/crypto/algorithms.ts';
import { findingRegistry } from '#core/lint/finding-registry.ts';
import { dropReasons, type DropReasonRow } from '#core/datapath/drop-reason.ts';

/** One table: the file it stands in, the name in its markers, and its lines. */
export type GeneratedTable = { readonly file: string; readonly name: string; readonly lines: () => readonly string[] };

/** All of them. */
export const generatedTables: readonly GeneratedTable[] = [
  { file: 'docs/errors.md', name: 'errors', lines: errorTable },
  { file: 'docs/drop-reasons.md', name: 'drop-reasons', lines: dropReasonTable },
  { file: 'docs/findings.md', name: 'findings', lines: findingTable },
  { file: 'docs/conformance.md', name: 'algorithms', lines: algorithmTable },
  { file: 'docs/conformance.md', name: 'refused-algorithms', lines: refusedTable },
];

/**
 * `text` with the table called `name` replaced.
 * @throws {Error} when its markers are missing.
 */
export function replaceTable(text: string, name: string, lines: readonly string[]): string {
  const [begin, end] = [`<!-- generated: ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`markers of the generated table ${name} are missing`);
  return `${text.slice(0, from + begin.length)}\n${lines.join('\n')}\n${text.slice(to)}`;
}

function errorTable(): readonly string[] {
  const rows = Object.entries<ErrorRow>(errorCatalog).map(([code, { errno, hint, retryable }]) => [
    `\`${code}\``,
    errno === undefined ? '' : `\`${errno}\` ${errnoText[errno]}`,
    hint,
    retryable ? 'yes' : '',
  ]);
  return markdownTable(['code', 'errno', 'what you can do', 'retry'], rows);
}

function dropReasonTable(): readonly string[] {
  const rows = Object.entries<DropReasonRow>(dropReasons).map(([name, row]) => [
    String(row.number),
    `\`${name}\``,
    row.direction,
    row.label,
    row.isError ? 'yes' : '',
    row.source,
    row.audit ?? '',
  ]);
  return markdownTable(['number', 'name', 'direction', 'what happened', 'error', 'source', 'audited by'], rows);
}

function findingTable(): readonly string[] {
  const rows = Object.entries(findingRegistry).map(([code, { severity, reason, fix }]) => [
    `\`${code}\``,
    severity,
    reason,
    fix,
  ]);
  return markdownTable(['code', 'severity', 'why it matters', 'what to do'], rows);
}

function algorithmTable(): readonly string[] {
  const encryption = Object.entries(encryptionAlgorithms).map(([name, row]) => [
    `\`-E ${name}\``,
    row.label,
    row.keyBits.map((bits) => (bits + row.saltBytes * 8) / 8).join(', ') || '0',
    row.status,
    row.rfc,
  ]);
  const integrity = Object.entries(integrityAlgorithms).map(([name, row]) => [
    `\`-A ${name}\``,
    row.label,
    String(row.keyBits / 8),
    row.status,
    row.rfc,
  ]);
  return markdownTable(['setkey', 'algorithm', 'key bytes', 'RFC 8221', 'defined in'], [...encryption, ...integrity]);
}

function refusedTable(): readonly string[] {
  const rows = Object.entries(refusedAlgorithms).map(([name, reason]) => [`\`${name}\``, reason]);
  return markdownTable(['setkey', 'why it is refused'], rows);
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => [...(row[column] ?? '')].length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first, ...rest] = all.map(line);
  return [first ?? '', `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest];
}
