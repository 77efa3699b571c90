/**
 * rc.conf(5) of FreeBSD and NetBSD, as far as it is about ipsecN: `ifconfig_ipsecN…`, static routes, and what makes the
 * interface. Values are shell words in quotes; what the shell would have to work out (`$…`) is told, not guessed.
 * @module
 */
import type { BsdInterfaces } from './bsd-interfaces.ts';
import type { Findings } from './imported.ts';
import { shownText } from './imported.ts';
import { readRouteWords } from './route-command.ts';
import type { NamedText } from './text-kind.ts';

const settled = /^(cloned_interfaces|(ipv6_)?static_routes|ipsec|ipsec_enable|ipsec_file|gateway_enable)$/;

/** Read one file. */
export function readRcConf({ name: file, text }: NamedText, interfaces: BsdInterfaces, { unmapped }: Findings): void {
  for (const { source, line } of shellLines(text)) {
    const match = /^\s*(?:export\s+)?(\w+)\+?=(.*)$/.exec(source);
    if (match === null) continue;
    const [, variable = '', raw = ''] = match;
    const value = unquote(raw);
    const tell = (why: string): void => void unmapped.push({ file, line, text: shownText(source), why });
    if (value === null) tell('the shell would have to work it out');
    else readVariable(variable, value, { file, line, interfaces, tell });
  }
}

/** Lines, each with those that it goes on in behind a backslash. */
function* shellLines(text: string): Iterable<{ readonly source: string; readonly line: number }> {
  let open: { source: string; line: number } | null = null;
  for (const [index, raw] of text.split('\n').entries()) {
    const part = raw.replace(/\r$/, '');
    const joined: { source: string; line: number } =
      open === null ? { source: part, line: index + 1 } : { source: `${open.source}${part}`, line: open.line };
    const goesOn = joined.source.endsWith('\\') && !/^\s*#/.test(joined.source);
    open = goesOn ? { ...joined, source: joined.source.slice(0, -1) } : null;
    if (!goesOn) yield joined;
  }
  if (open !== null) yield open;
}

type At = {
  readonly file: string;
  readonly line: number;
  readonly interfaces: BsdInterfaces;
  readonly tell: (why: string) => void;
};

function readVariable(variable: string, value: string, { file, line, interfaces, tell }: At): void {
  const ifconfig = /^(?:ifconfig|create_args)_(ipsec[0-9]+)(?:_(?:alias[0-9]+|ipv6))?$/.exec(variable);
  if (ifconfig !== null) {
    const owner = ifconfig[1] ?? '';
    // NetBSD separates the lines of one interface by semicolons.
    for (const words of value.split(';')) {
      if (words.trim() !== '') interfaces.ifconfig({ file, line, owner, text: words.trim() });
    }
    return;
  }
  const route = /^(ipv6_)?route_(\w+)$/.exec(variable);
  if (route !== null) {
    const words = value.trim().split(/\s+/);
    const read = readRouteWords(route[1] === undefined ? words : ['-inet6', ...words]);
    if (read === null) tell('it is no route that leads into a tunnel');
    else interfaces.route(read, null, { file, line, owner: null, text: value });
    return;
  }
  if (!settled.test(variable)) tell('it is about something else');
}

/** The value of `"…"`, `'…'` or a bare word; null where the shell would replace something. */
function unquote(raw: string): string | null {
  const quoted = /^\s*(?:"([^"]*)"|'([^']*)'|([^\s#;]*))\s*(?:#.*)?$/.exec(raw);
  const value = quoted?.[1] ?? quoted?.[2] ?? quoted?.[3] ?? null;
  return value === null || /[$`\\]/.test(value) ? null : value;
}
