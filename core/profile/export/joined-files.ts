/**
 * Several files as one text, and back: each begins with a comment line that names it, in every language that formats
 * write. One file alone stands as it is.
 * @module
 */
import type { ExportedFile } from './export-source.ts';

const nameLine = /^# ==> (\S.*) <==$/;

/** All files in one text. */
export function joinFiles(files: readonly Pick<ExportedFile, 'name' | 'text'>[]): string {
  if (files.length === 1) return files[0]?.text ?? '';
  return files.map(({ name, text }) => `# ==> ${name} <==\n${text}`).join('\n');
}

/** The files of such a text; one without a name where no line names any. */
export function splitFiles(text: string): { readonly name: string; readonly text: string }[] {
  const files: { name: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const name = nameLine.exec(line.trimEnd())?.[1];
    if (name !== undefined) files.push({ name, lines: [] });
    else if (files.length > 0) files.at(-1)?.lines.push(line);
    else if (line.trim() !== '') return [{ name: '', text }];
  }
  if (files.length === 0) return [{ name: '', text }];
  return files.map(({ name, lines }, index) => ({ name, text: textOf(lines, index === files.length - 1) }));
}

/** A blank line stands between two files, and belongs to neither. */
function textOf(lines: readonly string[], isLast: boolean): string {
  if (isLast) return lines.join('\n');
  return [...(lines.at(-1)?.trim() === '' ? lines.slice(0, -1) : lines), ''].join('\n');
}
