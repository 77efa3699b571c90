/**
 * A draft as text and back: ifconfig's, route's and setkey's words, a line each. `KEY` stands for a key that the helper
 * makes. Names of hosts and `auto` are written as the addresses of the moment, and stay what they were where the text
 * still says the same.
 * @module
 */
import {
  encryptionRow,
  findEncryptionAlgorithm,
  findIntegrityAlgorithm,
  integrityRow,
} from '#core/crypto/algorithms.ts';
import { IpsecError } from '#core/base/error.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { parseIfconfig } from '#core/ifconfig/parser.ts';
import type { IfconfigLine, IfconfigStatement } from '#core/ifconfig/syntax.ts';
import { profileToIfconfig, profileToRoutes, profileToStatements } from '#core/profile/commands.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { checkStatement } from '#core/setkey/statement-check.ts';
import type { AssociationStatement } from '#core/setkey/syntax.ts';
import { addAssociations } from './text-associations.ts';
import type { Draft } from './draft.ts';
import type { PastedPair } from './pasted-keys.ts';

/** Addresses of the moment. */
export type Outer = { readonly local: string; readonly peer: string };

/** What is wrong with a line. */
export type TextFault = { readonly line: number; readonly message: string };

/** What a text says. */
export type DraftText = {
  readonly changes: Partial<Draft>;
  /** Keys that stood there; null where the helper makes them. */
  readonly pasted: readonly PastedPair[] | null;
  readonly faults: readonly TextFault[];
};

/** Bits of a key that was not written, as `printStatements` has it. */
const placeholder = /\([0-9]+-bit key\)/g;

/** Write a profile. Empty where its addresses are not known. */
export function writeDraftText(profile: Profile, outer: Outer): string {
  const { local, peer } = profile;
  const pair = literalPair({ ...profile, local: { ...local, host: outer.local }, peer: { ...peer, host: outer.peer } });
  if (pair === null) return '';
  const stand = generateSecrets(profile.keys, { fill: (out) => void out.fill(1) });
  const lines = [
    ...profileToIfconfig(profile, pair).map((words) => `ifconfig ${words.join(' ')}`),
    ...profileToRoutes(profile).map((route) => `route add ${route.destination} ${route.interface}`),
  ];
  const statements = printStatements(profileToStatements(profile, stand, pair), { withKeys: false });
  return `${lines.join('\n')}\n${inNarrowLines(statements.replace(placeholder, 'KEY'))}`;
}

/** Lifetimes and algorithms on lines of their own: a statement ends at its semicolon. */
function inNarrowLines(statements: string): string {
  return statements.replace(/ (?=-(?:lh|E) )/g, '\n    ');
}

/** Read a text over `draft`: what the text does not speak of stays. */
export function readDraftText(text: string, draft: Draft, outer: Outer): DraftText {
  const parts = divide(text);
  const ifconfig = parseIfconfig(parts.ifconfig);
  const setkey = parseSetkey(fillKeys(parts.setkey));
  const faults: TextFault[] = [...ifconfig.errors, ...setkey.errors].map(({ line, message }) => ({ line, message }));
  const changes: Partial<Draft> = {
    inner: '',
    innerPeer: '',
    mtu: '1280',
    natT: false,
    link1: false,
    carriesIpv6: true,
  };
  for (const line of ifconfig.lines) {
    if (line.kind !== 'statements') continue;
    if (line.name !== null) changes.interface = line.name;
    for (const statement of line.statements) applyStatement(changes, statement, draft, outer);
  }
  changes.routes = readRoutes(parts.routes, faults).join('\n');
  const added: AssociationStatement[] = [];
  for (const statement of setkey.statements) {
    const refusal = checkStatement(statement);
    const line = statement.position.line;
    if (refusal !== null) faults.push({ line, message: refusal.message });
    else if (statement.kind === 'add') added.push(statement);
    else faults.push({ line, message: `only "add" belongs here, not "${statement.kind}"` });
  }
  const pairs = addAssociations(changes, added, peerOf(ifconfig.lines), faults);
  const isGenerated = pairs === null || /\sKEY\b/.test(parts.setkey);
  changes.keyOrigin = isGenerated ? 'generate' : 'paste';
  return { changes, pasted: isGenerated ? null : pairs, faults: faults.sort((left, right) => left.line - right.line) };
}

function peerOf(lines: readonly IfconfigLine[]): string | null {
  const statements = lines.flatMap((line) => (line.kind === 'statements' ? line.statements : []));
  return statements.find((statement) => statement.kind === 'tunnel')?.peer ?? null;
}

type Parts = { readonly ifconfig: string; readonly setkey: string; readonly routes: readonly string[] };

/** Each language's lines, the others blank: so a line keeps its number. */
function divide(text: string): Parts {
  const lines = text.split('\n');
  const of = (word: string): ((line: string) => boolean) => {
    const pattern = new RegExp(`^\\s*(culvert\\s+)?${word}\\s`);
    return (line) => pattern.test(line);
  };
  const [isIfconfig, isRoute] = [of('ifconfig'), of('route')];
  const bare = (line: string): string => line.replace(/^\s*culvert\s+/, '');
  return {
    ifconfig: lines.map((line) => (isIfconfig(line) ? bare(line) : '')).join('\n'),
    routes: lines.map((line) => (isRoute(line) ? bare(line) : '')),
    setkey: lines.map((line) => (isIfconfig(line) || isRoute(line) ? '' : line)).join('\n'),
  };
}

/** `KEY` becomes zeros of a length that the algorithm takes, so that the rest of the line can be read. */
function fillKeys(text: string): string {
  return text.replace(
    /-([EA])(\s+)(\S+)(\s+)KEY\b/g,
    (whole, option: string, gap: string, name: string, next: string) => {
      const bytes = option === 'E' ? encryptionBytes(name) : integrityBytes(name);
      return bytes === null ? whole : `-${option}${gap}${name}${next}0x${'01'.repeat(bytes)}`;
    },
  );
}

function encryptionBytes(spelling: string): number | null {
  const name = findEncryptionAlgorithm(spelling);
  if (name === null) return null;
  const { keyBits, saltBytes } = encryptionRow(name);
  return (keyBits.at(-1) ?? 0) / 8 + saltBytes;
}

function integrityBytes(spelling: string): number | null {
  const name = findIntegrityAlgorithm(spelling);
  return name === null ? null : integrityRow(name).keyBits / 8;
}

function applyStatement(changes: Partial<Draft>, statement: IfconfigStatement, draft: Draft, outer: Outer): void {
  if (statement.kind === 'flag') {
    if (statement.flag === 'link0') changes.natT = statement.isSet;
    if (statement.flag === 'link1') changes.link1 = statement.isSet;
    if (statement.flag === 'link2') changes.carriesIpv6 = statement.isSet;
  } else if (statement.kind === 'mtu') changes.mtu = String(statement.mtu);
  else if (statement.kind === 'tunnel') {
    const { local, peer, localPort, peerPort } = statement;
    changes.localHost = local === outer.local ? draft.localHost : local;
    changes.peerHost = peer === outer.peer ? draft.peerHost || peer : peer;
    if (localPort !== 0) changes.localPort = String(localPort);
    if (peerPort !== 0) changes.peerPort = String(peerPort);
  } else if (statement.kind === 'address') {
    const { address, prefixLength, peer } = statement;
    const isIpv6 = address.includes(':');
    const isWhole = prefixLength === (isIpv6 ? 128 : 32);
    changes[isIpv6 ? 'inner6' : 'inner'] = isWhole ? address : `${address}/${prefixLength}`;
    changes[isIpv6 ? 'innerPeer6' : 'innerPeer'] = peer ?? '';
  }
}

function readRoutes(lines: readonly string[], faults: TextFault[]): string[] {
  return lines.flatMap((text, index) => {
    if (text === '') return [];
    const target = /^\s*route\s+(?:-n\s+)?add\s+(?:-(?:inet6?|net|host)\s+)*([^\s-]\S*)/.exec(text)?.[1];
    try {
      if (target !== undefined) return [String(parsePrefix(target))];
      faults.push({ line: index + 1, message: 'a route is written "route add NETWORK/LENGTH ipsecN"' });
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      faults.push({ line: index + 1, message: error.message });
    }
    return [];
  });
}
