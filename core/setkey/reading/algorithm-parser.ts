/**
 * Reads the algorithms at the end of `add` and `update`: `-E NAME KEY`, `-A NAME KEY`, `-C NAME [-R]`.
 * Names are those of the registry and those that it refuses with a reason; `null` takes no key. Keys are in key-text.ts.
 * @module
 */
import {
  encryptionAlgorithms,
  encryptionRow,
  findEncryptionAlgorithm,
  findIntegrityAlgorithm,
  integrityAlgorithms,
  refusedAlgorithms,
} from '#core/crypto/algorithms.ts';
import { readKey } from './key-text.ts';
import type { Compression, KeyedAlgorithm, Marks, Position } from '#core/setkey/syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** `-A null`: no integrity at all. It has no row, and takes no key. */
export const nullIntegrity = 'null';

/** What ends an `add`. */
export type Algorithms = {
  readonly encryption: KeyedAlgorithm | null;
  readonly integrity: KeyedAlgorithm | null;
  readonly compression: Compression | null;
  /** Where keys stand that have an odd number of digits. */
  readonly marks: Marks;
};

/** Read every algorithm up to the `;`. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readAlgorithms(reader: TokenReader): Algorithms {
  let encryption: KeyedAlgorithm | null = null;
  let integrity: KeyedAlgorithm | null = null;
  let compression: Compression | null = null;
  let marks: Marks = {};
  while (reader.isAtWord('-E', '-A', '-C')) {
    const position = reader.position();
    if (encryption === null && reader.isAtWord('-E')) {
      const { oddKeyAt, ...read } = readEncryption(reader, position);
      encryption = read;
      if (oddKeyAt !== null) marks = { ...marks, oddEncryptionKey: oddKeyAt };
    } else if (integrity === null && reader.isAtWord('-A')) {
      const { oddKeyAt, ...read } = readIntegrity(reader, position);
      integrity = read;
      if (oddKeyAt !== null) marks = { ...marks, oddIntegrityKey: oddKeyAt };
    } else if (compression === null && reader.isAtWord('-C')) compression = readCompression(reader, position);
    else reader.fail('each of -E, -A and -C once, then ";"');
  }
  return { encryption, integrity, compression, marks };
}

/** Names for `-E`, aliases included, refused ones last. */
const encryptionNames: readonly string[] = [...spellings(encryptionAlgorithms), ...Object.keys(refusedAlgorithms)];

/** Names for `-A`, aliases included, refused ones last. */
const integrityNames: readonly string[] = [
  ...spellings(integrityAlgorithms),
  nullIntegrity,
  ...Object.keys(refusedAlgorithms),
];

/** Names for `-C`. */
export const compressionNames = ['deflate', 'lzs', 'oui'] as const;

const noKey = { key: null, oddKeyAt: null };

type ReadAlgorithm = KeyedAlgorithm & { readonly oddKeyAt: Position | null };

/** setkey's old word for null encryption. */
const obsoleteNull = 'simple';

function readEncryption(reader: TokenReader, position: Position): ReadAlgorithm {
  reader.next();
  const { text } = reader.peek();
  if (text === obsoleteNull) reader.fail('"null" in its place', [], `"${text}" is obsolete`);
  const known = findEncryptionAlgorithm(text);
  if (known === null && findIntegrityAlgorithm(text) !== null) {
    reader.fail(`an encryption algorithm (${text} is for -A)`);
  }
  if (known === null && !Object.hasOwn(refusedAlgorithms, text))
    reader.fail('an encryption algorithm', encryptionNames);
  reader.next();
  const takesKey = known === null || encryptionRow(known).kind !== 'null';
  return { name: known ?? text, position, ...(takesKey ? readKey(reader) : noKey) };
}

function readIntegrity(reader: TokenReader, position: Position): ReadAlgorithm {
  reader.next();
  const { text } = reader.peek();
  const known = text === nullIntegrity ? nullIntegrity : findIntegrityAlgorithm(text);
  if (known === null && findEncryptionAlgorithm(text) !== null) {
    reader.fail(`an integrity algorithm (${text} is for -E)`);
  }
  if (known === null && !Object.hasOwn(refusedAlgorithms, text)) reader.fail('an integrity algorithm', integrityNames);
  reader.next();
  return { name: known ?? text, position, ...(known === nullIntegrity ? noKey : readKey(reader)) };
}

function readCompression(reader: TokenReader, position: Position): Compression {
  reader.next();
  const name = reader.choose(compressionNames, 'a compression algorithm');
  const isRaw = reader.isAtWord('-R');
  if (isRaw) reader.next();
  return { name, isRaw, position };
}

function spellings(table: Readonly<Record<string, { readonly aliases: readonly string[] }>>): string[] {
  return Object.entries(table).flatMap(([name, row]) => [name, ...row.aliases]);
}
