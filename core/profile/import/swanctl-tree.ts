/**
 * The syntax of strongSwan's settings (strongswan.conf(5), which swanctl.conf(5) follows): sections in braces, `key = value`
 * to the end of the line, values in quotes, `#` comments. References and includes are told by their reader, not followed.
 * @module
 */

/** A section. */
export type SwanctlSection = {
  readonly values: { readonly key: string; readonly value: string; readonly line: number }[];
  readonly sections: { readonly name: string; readonly line: number; readonly body: SwanctlSection }[];
};

/** The tree of a text, and the lines that make no sense. Never throws; depth is bounded by `deepest`. */
export function parseSwanctl(text: string): { readonly root: SwanctlSection; readonly badLines: number[] } {
  const root: SwanctlSection = { values: [], sections: [] };
  const open = [root];
  const badLines: number[] = [];
  for (const { token, line } of tokensOf(text)) {
    const current = open.at(-1) ?? root;
    if (token === '}') {
      if (open.length > 1) open.pop();
      else badLines.push(line);
    } else if (token.endsWith('{')) {
      const body: SwanctlSection = { values: [], sections: [] };
      const name = token.slice(0, -1).trim();
      current.sections.push({ name, line, body });
      if (open.length < deepest) open.push(body);
      else badLines.push(line);
    } else {
      const match = /^([^=]+?)\s*=\s*(.*)$/.exec(token);
      if (match === null) badLines.push(line);
      else current.values.push({ key: match[1] ?? '', value: (match[2] ?? '').replace(/^"(.*)"$/, '$1'), line });
    }
  }
  return { root, badLines };
}

const deepest = 16;

/** `name {`, `}` and `key = value`, each with its line. */
function* tokensOf(text: string): Iterable<{ readonly token: string; readonly line: number }> {
  for (const [index, source] of text.split('\n').entries()) {
    const line = index + 1;
    let rest = withoutComment(source).trim();
    while (rest !== '') {
      const match = /^(\}|[^{}="]*\{|[^{}=]+=\s*(?:"[^"]*"|[^{}]*))\s*/.exec(rest);
      const token = match?.[1] ?? rest;
      yield { token: token.trim(), line };
      rest = rest.slice(match?.[0].length ?? rest.length).trim();
    }
  }
}

/** `#` begins a comment outside of quotes. */
function withoutComment(line: string): string {
  let isQuoted = false;
  for (let index = 0; index < line.length; index++) {
    if (line[index] === '"') isQuoted = !isQuoted;
    else if (line[index] === '#' && !isQuoted) return line.slice(0, index);
  }
  return line;
}
