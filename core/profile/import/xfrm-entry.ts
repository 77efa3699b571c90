/**
 * `ip xfrm` text as entries of words: commands (`ip xfrm state add …`, also as lines of `ip -batch`) and what `ip xfrm state`,
 * `ip xfrm policy`, `ip -d link`, `ip address` and `ip route` print, whose entries go on in indented lines (ip-xfrm(8), ip-link(8)).
 * @module
 */

/** One entry. */
export type XfrmEntry = {
  readonly kind: 'state' | 'policy' | 'link' | 'address' | 'route' | 'set' | 'other';
  /** Words behind what says the kind; quotes are taken off. */
  readonly words: readonly string[];
  readonly line: number;
  /** Whether it is a command to be carried out, and not what a command printed. */
  readonly isCommand: boolean;
};

type Block = { text: string; readonly line: number };

/** Entries of a text, in order. Commands that delete, and lines of a shell script, are none. */
export function xfrmEntries(text: string): XfrmEntry[] {
  return blocksOf(text).flatMap(({ text: block, line }) => {
    const entry = toEntry(splitWords(block));
    return entry === null ? [] : [{ ...entry, line }];
  });
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let isOpen = false;
  for (const [index, source] of text.split('\n').entries()) {
    const body = source.replace(/\r$/, '');
    if (/^\s*(#|$)/.test(body)) isOpen = false;
    else if (/^\s/.test(body) && isOpen && !isCommand(body)) {
      const last = blocks.at(-1);
      if (last !== undefined) last.text += ` ${body.trim()}`;
    } else {
      blocks.push({ text: body.trim(), line: index + 1 });
      isOpen = true;
    }
    // A command may go on behind a backslash.
    const last = blocks.at(-1);
    if (last?.text.endsWith('\\') === true) last.text = last.text.slice(0, -1).trimEnd();
  }
  return blocks;
}

function isCommand(line: string): boolean {
  return /^\s*(ip\s|xfrm\s+(state|policy)|link\s+(add|set)|address\s+add|addr\s+add|route\s+add)/.test(line);
}

function splitWords(text: string): string[] {
  // `ip -s` says how long a key is.
  const plain = text.replace(/\([0-9]{1,5} bits\)/g, '');
  return [...plain.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function toEntry(all: readonly string[]): Omit<XfrmEntry, 'line'> | null {
  const entry = kindOf(all);
  const isCommand = /^(ip|xfrm|link|addr(ess)?|a|r(oute)?)$/.test(all[0] ?? '');
  return entry === null ? null : { ...entry, isCommand };
}

function kindOf(all: readonly string[]): Pick<XfrmEntry, 'kind' | 'words'> | null {
  const options = all[0] === 'ip' ? optionsOf(all.slice(1)) : [];
  const words = all[0] === 'ip' ? all.slice(1 + options.length) : [...all];
  const [first = '', second = '', third = ''] = words;
  const isAdding = ['add', 'update', 'replace'].includes(third) || ['add', 'replace'].includes(second);
  if (first === 'xfrm' && /^(state|policy|sa)$/.test(second)) {
    if (!['add', 'update'].includes(third)) return null;
    return { kind: second === 'policy' ? 'policy' : 'state', words: words.slice(3) };
  }
  if (first === 'link' && second === 'set') return { kind: 'set', words: words.slice(2) };
  if (first === 'link' && isAdding) return { kind: 'link', words: linkWords(words.slice(2)) };
  if (/^addr(ess)?$|^a$/.test(first) && isAdding) return { kind: 'address', words: words.slice(2) };
  if (/^r(oute)?$/.test(first) && isAdding)
    return { kind: 'route', words: routeWords(words.slice(2), options.includes('-6')) };
  // Policies of single sockets, which a daemon of IKE has for its own.
  if (first === 'src' && words[4] === 'socket') return null;
  if (first === 'src' && third === 'dst') return { kind: words.includes('dir') ? 'policy' : 'state', words };
  if (/^[0-9]+:$/.test(first)) return { kind: 'link', words };
  if (isPrintedRoute(words)) return { kind: 'route', words: routeWords(words, words.includes('pref')) };
  return null;
}

/** `ip -6 -batch -`: what stands before the object. */
function optionsOf(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => !word.startsWith('-'));
  return end < 0 ? words : words.slice(0, end);
}

/** `link add dev NAME` is another spelling of `link add NAME`. */
function linkWords(words: readonly string[]): readonly string[] {
  return words[0] === 'dev' ? words.slice(1) : words;
}

/** `default` says its family only by what stands around it. */
function routeWords(words: readonly string[], isIpv6: boolean): readonly string[] {
  return words[0] === 'default' && isIpv6 ? ['::/0', ...words.slice(1)] : words;
}

/** `10.2.0.0/24 dev ipsec0 scope link`; those that the kernel makes for addresses are none. */
function isPrintedRoute(words: readonly string[]): boolean {
  const [first = '', second = ''] = words;
  const isKernels = words.some((word, at) => word === 'proto' && words[at + 1] === 'kernel');
  return /^(default|[0-9a-f.:]+(\/[0-9]{1,3})?)$/.test(first) && /^(dev|via)$/.test(second) && !isKernels;
}
