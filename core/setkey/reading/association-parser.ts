/**
 * Reads the statements about associations: add, update, get, delete, deleteall, flush, dump (setkey(8), "Configuration
 * syntax").
 * @module
 */
import { paddingKinds, type PaddingKind } from '#core/crypto/transform.ts';
import type { IpAddress } from '#core/ip/address.ts';
import { readAlgorithms } from './algorithm-parser.ts';
import { readAddress, readEndpoint, readLookup, readSecurityContext, tryAddress } from './endpoint-parser.ts';
import { associationProtocolWords } from '#core/setkey/syntax.ts';
import type {
  AssociationOptions,
  AssociationProtocolWord,
  AssociationStatement,
  DeleteAllStatement,
  Endpoint,
  Lookup,
  Marks,
  NameStatement,
  Position,
  WholeStatement,
} from '#core/setkey/syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** setkey's defaults, set anew at each statement. */
export const defaultOptions: AssociationOptions = {
  mode: 'any',
  reqid: 0,
  replayBytes: 0,
  padding: paddingKinds.sequential,
  isCyclic: true,
  hasEsn: false,
  softSeconds: 0,
  hardSeconds: 0,
  softBytes: 0,
  hardBytes: 0,
  context: null,
  fragmentBytes: 0,
};

/** setkey's words for the padding content. */
export const paddingWords = {
  'seq-pad': paddingKinds.sequential,
  'zero-pad': paddingKinds.zero,
  'random-pad': paddingKinds.random,
} as const satisfies Record<string, PaddingKind>;

/** What follows `add` or `update`. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readAssociation(reader: TokenReader, kind: 'add' | 'update', position: Position): AssociationStatement {
  const name = readName(reader);
  const options = readOptions(reader, name.protocol);
  const algorithms = readAlgorithms(reader);
  const marks = { ...name.marks, ...options.marks, ...algorithms.marks };
  return { kind, position, ...name, options: options.options, ...algorithms, marks };
}

/** What follows `get` or `delete`. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readNamed(reader: TokenReader, kind: 'get' | 'delete', position: Position): NameStatement {
  const { lookup, source, destination, protocol, spi, marks } = readName(reader);
  const options = readOptions(reader, protocol);
  return {
    kind,
    position,
    lookup,
    source,
    destination,
    protocol,
    spi,
    options: options.options,
    marks: { ...marks, ...options.marks },
  };
}

/** What follows `deleteall`. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readDeleteAll(reader: TokenReader, position: Position): DeleteAllStatement {
  const lookup = readLookup(reader);
  const source = readAddress(reader, lookup, 'a source address');
  const destination = readAddress(reader, lookup, 'a destination address');
  const marks = { protocol: reader.position() };
  return { kind: 'deleteall', position, marks, lookup, source, destination, protocol: readProtocol(reader) };
}

/** What follows `flush` or `dump`. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readWhole(reader: TokenReader, kind: 'flush' | 'dump', position: Position): WholeStatement {
  return { kind, position, protocol: reader.isAtMark(';') ? null : readProtocol(reader, ' or ";"') };
}

type Name = {
  readonly lookup: Lookup;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: AssociationProtocolWord;
  readonly natOriginal: IpAddress | null;
  readonly spi: number;
  readonly marks: Marks;
};

function readName(reader: TokenReader): Name {
  const lookup = readLookup(reader);
  const sourceAt = reader.position();
  const source = readEndpoint(reader, lookup, 'a source address');
  const destinationAt = reader.position();
  const destination = readEndpoint(reader, lookup, 'a destination address');
  const protocolAt = reader.position();
  const protocol = readProtocol(reader);
  const natOriginalAt = reader.position();
  const natOriginal =
    protocol === 'esp-udp' && tryAddress(reader.peek().text) !== null
      ? readAddress(reader, lookup, 'an address')
      : null;
  const spiAt = reader.position();
  const spi = readSpi(reader, protocol);
  const marks: Marks = {
    source: sourceAt,
    destination: destinationAt,
    protocol: protocolAt,
    spi: spiAt,
    ...(natOriginal === null ? {} : { natOriginal: natOriginalAt }),
  };
  return { lookup, source, destination, protocol, natOriginal, spi, marks };
}

function readProtocol(reader: TokenReader, alternative = ''): AssociationProtocolWord {
  const expected = `a protocol (${associationProtocolWords.join(', ')})${alternative}`;
  return reader.choose(associationProtocolWords, expected);
}

function readSpi(reader: TokenReader, protocol: AssociationProtocolWord): number {
  const { kind, text } = reader.peek();
  // The CPI of IPComp has 16 bits (RFC 3173 §3.3).
  const limit = protocol === 'ipcomp' ? 0xffff : 0xffffffff;
  const expected = `an SPI, decimal or 0x…, up to ${limit}`;
  if (kind !== 'word' || !/^([0-9]+|0x[0-9a-f]+)$/i.test(text)) reader.fail(expected);
  if (Number(text) > limit) reader.fail(expected, [], 'SPI too big.');
  reader.next();
  return Number(text);
}

type Draft = { -readonly [Key in keyof AssociationOptions]: AssociationOptions[Key] };
type OptionReader = (reader: TokenReader, draft: Draft, protocol: AssociationProtocolWord) => void;

/** option → how its argument is read. */
const optionReaders: Readonly<Record<string, OptionReader>> = {
  '-m': (reader, draft) =>
    (draft.mode = reader.choose(['transport', 'tunnel', 'any'], 'a mode (transport, tunnel, any)')),
  '-u': (reader, draft) => (draft.reqid = reader.decimal('a decimal id', 0xffffffff)),
  '-r': (reader, draft, protocol) => {
    if (protocol.endsWith('-old')) reader.fail('no -r', [], 'replay prevention cannot be used with ah/esp-old');
    draft.replayBytes = reader.decimal('a replay window in bytes', 0xffffffff);
  },
  '-f': (reader, draft) => readPadding(reader, draft),
  '-esn': (_reader, draft) => (draft.hasEsn = true),
  '-lh': (reader, draft) => (draft.hardSeconds = reader.decimal('seconds')),
  '-ls': (reader, draft) => (draft.softSeconds = reader.decimal('seconds')),
  '-bh': (reader, draft) => (draft.hardBytes = reader.decimal('a number of bytes')),
  '-bs': (reader, draft) => (draft.softBytes = reader.decimal('a number of bytes')),
  '-ctx': (reader, draft) => (draft.context = readSecurityContext(reader)),
  '-esp_frag': (reader, draft, protocol) => {
    if (protocol !== 'esp-udp') reader.fail('no -esp_frag', [], 'esp fragment size only valid for NAT-T');
    draft.fragmentBytes = reader.decimal('a number of bytes', 0xffff);
  },
};

/** option → the mark of its place, for refusals that come later. */
const optionMarks: Readonly<Record<string, keyof Marks>> = {
  '-u': 'reqid',
  '-r': 'replayBytes',
  '-lh': 'hard.addSeconds',
  '-ls': 'soft.addSeconds',
  '-bh': 'hard.bytes',
  '-bs': 'soft.bytes',
  '-esp_frag': 'fragment',
};

/** Words for the options between SPI and algorithms. */
export const optionWords: readonly string[] = Object.keys(optionReaders);

function readOptions(
  reader: TokenReader,
  protocol: AssociationProtocolWord,
): { readonly options: AssociationOptions; readonly marks: Marks } {
  const draft: Draft = { ...defaultOptions };
  let marks: Marks = {};
  while (!reader.isAtMark(';') && !reader.isAtWord('-E', '-A', '-C')) {
    const position = reader.position();
    const option = reader.choose(optionWords, 'an option, an algorithm (-E, -A) or ";"');
    const mark = optionMarks[option];
    if (mark !== undefined) marks = { ...marks, [mark]: position };
    optionReaders[option]?.(reader, draft, protocol);
  }
  return { options: draft, marks };
}

function readPadding(reader: TokenReader, draft: Draft): void {
  const words = ['zero-pad', 'random-pad', 'seq-pad', 'nocyclic-seq'] as const;
  const { text } = reader.peek();
  if (text !== 'nocyclic-seq' && draft.padding !== paddingKinds.sequential) reader.fail('one padding (-f) only');
  const word = reader.choose(words, `a flag (${words.join(', ')})`);
  if (word === 'nocyclic-seq') draft.isCyclic = false;
  else draft.padding = paddingWords[word];
}
