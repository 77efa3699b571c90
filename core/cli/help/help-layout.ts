/**
 * Help in the width of the terminal: sentences flow, the right one of two columns hangs under itself, and a command that
 * is broken can still be pasted. Pure.
 * @module
 */

/** Where nobody says how wide the terminal is. */
export const usualWidth = 80;

/** Least room for a right column; with less it goes to lines of its own. */
const leastColumn = 28;
/** What is indented as far as this is a right column. */
const leastIndent = 16;
/** How far what goes on is indented. */
const hanging = 4;
/** A sentence whose line is longer goes on in the next one. */
const fullLine = 90;

/** `text` in lines of `width` characters at most, where its words allow it. */
export function layOutHelp(text: string, width: number): string {
  const laidOut: string[] = [];
  let sentence = '';
  let last = '';
  for (const line of text.split('\n')) {
    const isSentence = /^\S/.test(line) && !line.includes('  ');
    if (isSentence && sentence !== '' && last.length > fullLine) sentence += ` ${line}`;
    else {
      if (sentence !== '') laidOut.push(...wrap(sentence, width, '', ''));
      sentence = isSentence ? line : '';
      if (!isSentence) laidOut.push(...layOutRow(line, width));
    }
    last = line;
  }
  if (sentence !== '') laidOut.push(...wrap(sentence, width, '', ''));
  return laidOut.join('\n');
}

/** `text` in lines of `width` characters; what goes on stands behind `indent` blanks. */
export function hangText(text: string, width: number, indent: number): string {
  const first = /^ */.exec(text)?.[0] ?? '';
  return wrap(text.trimStart(), width, first, ' '.repeat(indent)).join('\n');
}

/** Two columns, or what can be typed. */
function layOutRow(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  // A right column that stands alone, below a long left one, hangs under itself.
  const deeper = indent.length < leastIndent ? `${indent}${' '.repeat(hanging)}` : indent;
  const row = /^( *\S.*?) {2,}(?=\S)(.*)$/.exec(line);
  if (row === null) return wrap(line.trimStart(), width, indent, deeper, isCommand(line) ? ' \\' : '');
  const [, left = '', right = ''] = row;
  const column = line.length - right.length;
  if (width - column < leastColumn) return [...layOutRow(left, width), ...wrap(right, width, deeper, deeper)];
  return wrap(`${left.trimStart()}${' '.repeat(column - left.length)}${right}`, width, indent, ' '.repeat(column));
}

/** Something for a shell, where an end of line ends the command. */
function isCommand(line: string): boolean {
  return /^ +(culvert|tcpdump) /.test(line);
}

/** Words in lines, the first behind `first`, others behind `other`; all but the last end in `more`. */
function wrap(text: string, width: number, first: string, other: string, more = ''): string[] {
  const lines: string[] = [];
  let line = first;
  for (const [word] of text.matchAll(/ *\S+/g)) {
    if (line.trim() !== '' && line.length + word.length + more.length > width) {
      lines.push(line + more);
      line = other + word.trimStart();
    } else line += word;
  }
  return [...lines, line];
}
