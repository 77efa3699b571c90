/**
 * What kind of configuration a text is, told from its name where that says it, and from its first words otherwise.
 * A text of several files, each under a line that names it, is taken apart first (core/profile/export/joined-files.ts).
 * @module
 */
import { ifconfigWords } from '#core/ifconfig/syntax.ts';
import { compactPrefix } from '#core/profile/export/compact-profile.ts';
import { splitFiles } from '#core/profile/export/joined-files.ts';
import { commandWords } from '#core/setkey/syntax.ts';
import { foreignText } from './foreign-text.ts';

/**
 * The kinds. `xfrm`: commands of ip(8) or what `ip xfrm` prints; `route.conf`: NetBSD's route.conf(5), told by its name
 * alone; `sysctl`: settings, which hold no tunnel and are told; `foreign`: of another protocol, which is told.
 */
export type TextKind =
  ('setkey' | 'ifconfig' | 'rc.conf' | 'route.conf' | 'xfrm') | ('swanctl' | 'json' | 'compact' | 'sysctl' | 'foreign');

/** A text with its name; the name is empty where there is none. */
export type NamedText = { readonly name: string; readonly text: string };

/** Every file of `files`, those that stand in one text one by one, each named after where it stands. */
export function separateFiles(files: readonly NamedText[]): NamedText[] {
  return files.flatMap(({ name, text }) =>
    splitFiles(text.replace(/^\ufeff/, '')).map((part) => ({
      name: part.name === '' ? name : part.name,
      text: part.text,
    })),
  );
}

/** The kind of a text. What looks like nothing is setkey's, whose parser says where it is wrong. */
export function textKindOf({ name, text }: NamedText): TextKind {
  const base = name.split('/').at(-1) ?? '';
  const trimmed = text.trimStart();
  if (trimmed.startsWith(compactPrefix)) return 'compact';
  if (trimmed.startsWith('{')) return 'json';
  if (/^ifconfig\.ipsec[0-9]+$/.test(base)) return 'ifconfig';
  if (base === 'route.conf') return 'route.conf';
  if (/^(rc\.conf(\.local)?|sysctl\.conf)$/.test(base)) return base === 'sysctl.conf' ? 'sysctl' : 'rc.conf';
  if (foreignText(text) !== null) return 'foreign';
  for (const line of statementLines(text)) {
    const kind = kindOfLine(line);
    if (kind !== null) return kind;
  }
  return 'setkey';
}

/** The interface that a file is about by its name: /etc/ifconfig.ipsecN; null where the name says none. */
export function interfaceOfFile(name: string): string | null {
  return /(?:^|\/)ifconfig\.(ipsec[0-9]+)$/.exec(name)?.[1] ?? null;
}

/** Lines that are no comment, without blanks around them; the first hundred say enough. */
function* statementLines(text: string): Iterable<string> {
  let count = 0;
  for (const line of text.split('\n')) {
    const stripped = line.replace(/(^|\s)#.*$/, '').trim();
    if (stripped === '') continue;
    yield stripped;
    if (++count === 100) return;
  }
}

const shapes: readonly (readonly [RegExp, TextKind])[] = [
  [/^(connections|secrets|pools|authorities)\b[\w.-]*\s*(\{|$)/, 'swanctl'],
  [/^-?(net|kern|security)\.[\w.\-/]+\s*\??=/, 'sysctl'],
  [/^(cloned_interfaces|(ifconfig|create_args)_\w+|(ipv6_)?static_routes|(ipv6_)?route_\w+|ipsec\w*)\+?=/, 'rc.conf'],
  [/(^|\s)xfrm\s+(state|policy)\b|\btype\s+xfrm\b|^xfrm\s+if_id\b|^src\s+\S+\s+dst\s+\S+/, 'xfrm'],
];

function kindOfLine(line: string): TextKind | null {
  for (const [shape, kind] of shapes) if (shape.test(line)) return kind;
  const [first = ''] = line.split(/[\s;]/);
  if (/^(culvert|\S*ifconfig|ipsec[0-9]+|!.*)$/.test(first)) return 'ifconfig';
  const isSetkey = (commandWords as readonly string[]).includes(first);
  const isIfconfig = (ifconfigWords as readonly string[]).includes(first);
  // `delete` is a word of both; only setkey ends it with a semicolon.
  if (isSetkey && (!isIfconfig || line.includes(';'))) return 'setkey';
  return isIfconfig ? 'ifconfig' : isSetkey ? 'setkey' : null;
}
