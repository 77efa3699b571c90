/**
 * The words of setkey's language with what each of them is, for editors: colours and completions. The parsers have the
 * lists of what may stand where; algorithms and upper protocols come from their registries.
 * @module
 */
import { encryptionAlgorithms, integrityAlgorithms, refusedAlgorithms } from '#core/crypto/algorithms.ts';
import { compressionNames } from '#core/setkey/reading/algorithm-parser.ts';
import { paddingWords } from '#core/setkey/reading/association-parser.ts';
import { formatUpperProtocol, parseUpperProtocol, portWords, protocolWords } from '#core/setkey/protocol-name.ts';
import {
  associationProtocolWords,
  type commandWords,
  policyActions,
  policyDirections,
  ruleLevels,
  ruleModes,
} from '#core/setkey/syntax.ts';

/** What a word is. */
export type WordKind = 'command' | 'option' | 'algorithm' | 'protocol' | 'keyword' | 'port';

/** A known word. */
export type VocabularyEntry = {
  readonly kind: WordKind;
  /** What it does, in a few words; empty where the word says it all. */
  readonly detail: string;
  /** Whether Culvert refuses it: then it is known, and not proposed. */
  readonly isRefused?: boolean;
};

const commands = {
  add: 'add an association',
  update: 'change an association, or add its keys to a reserved SPI',
  delete: 'delete one association',
  deleteall: 'delete every association from one address to another',
  get: 'show one association',
  flush: 'delete every association',
  dump: 'show every association',
  spdadd: 'add a policy',
  spdupdate: 'add a policy, or put it in the place of another',
  spddelete: 'delete a policy',
  spdflush: 'delete every policy but those of interfaces',
  spddump: 'show every policy',
  exit: 'end of the text',
  quit: 'end of the text',
  bye: 'end of the text',
} as const satisfies Record<(typeof commandWords)[number], string>;

const options = {
  '-4': 'IPv4 only',
  '-6': 'IPv6 only',
  '-n': 'addresses are numbers',
  '-m': 'mode: transport, tunnel, any',
  '-u': 'reqid, the number that a policy asks for',
  '-r': 'replay window in bytes of 8 packets',
  '-f': 'padding, or nocyclic-seq',
  '-esn': 'extended sequence numbers of 64 bits',
  '-lh': 'hard lifetime in seconds',
  '-ls': 'soft lifetime in seconds',
  '-bh': 'hard lifetime in bytes',
  '-bs': 'soft lifetime in bytes',
  '-ctx': 'security context',
  '-esp_frag': 'largest fragment of ESP in UDP',
  '-E': 'encryption algorithm and key',
  '-A': 'integrity algorithm and key',
  '-C': 'compression algorithm',
  '-R': 'CPI as it is',
  '-P': 'policy: direction, action, rules',
} as const;

const keywords = [
  ...Object.keys(paddingWords),
  ...policyDirections,
  ...policyActions,
  ...ruleModes,
  ...ruleLevels,
  ...['nocyclic-seq', 'any', 'tagged', 'priority', 'prio', 'me-any', 'any-me'],
];

/** Every known word. A word with several meanings has the one of the row that stands last in `rows`. */
const vocabulary: ReadonlyMap<string, VocabularyEntry> = new Map(rows());

/** What is known of `word`; null when nothing is. */
export function describeWord(word: string): VocabularyEntry | null {
  return vocabulary.get(word) ?? null;
}

function rows(): (readonly [string, VocabularyEntry])[] {
  return [
    ...portWords.map((word) => [word, { kind: 'port', detail: '' }] as const),
    ...protocolWords.map((word) => [word, { kind: 'protocol', detail: numberAndName(word) }] as const),
    ...associationProtocolWords.map((word) => [word, { kind: 'protocol', detail: '' }] as const),
    ...keywords.map((word) => [word, { kind: 'keyword', detail: '' }] as const),
    ...compressionNames.map((word) => [word, { kind: 'algorithm', detail: '', isRefused: true }] as const),
    ...Object.entries(refusedAlgorithms).map(([word, detail]) => refusedRow(word, detail)),
    ...[encryptionAlgorithms, integrityAlgorithms].flatMap(algorithmRows),
    ...Object.entries(options).map(([word, detail]) => [word, { kind: 'option', detail }] as const),
    ...Object.entries(commands).map(([word, detail]) => [word, { kind: 'command', detail }] as const),
  ];
}

function algorithmRows(
  table: Readonly<Record<string, { readonly aliases: readonly string[]; readonly label: string }>>,
): (readonly [string, VocabularyEntry])[] {
  return Object.entries(table).flatMap(([name, { aliases, label }]) =>
    [name, ...aliases].map((word) => [word, { kind: 'algorithm', detail: label }] as const),
  );
}

function refusedRow(word: string, detail: string): readonly [string, VocabularyEntry] {
  return [word, { kind: 'algorithm', detail, isRefused: true }];
}

function numberAndName(word: string): string {
  return formatUpperProtocol(parseUpperProtocol(word) ?? 0);
}
