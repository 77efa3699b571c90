/**
 * Reads the algorithms at the end of `add` and `update`: `-E NAME KEY`, `-A NAME KEY`, `-C NAME [-R]`.
 * Names are those of the registry and those that it refuses with a reason; `null` takes no key.
 * @module
 */
import { fromHex } from '#core/base/bytes.ts';
import {
  encryptionAlgorithms,
  encryptionRow,
  findEncryptionAlgorithm,
  findIntegrityAlgorithm,
  integrityAlgorithms,
  refusedAlgorithms,
} from '#core/crypto/algorithms.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import type { Compression, KeyedAlgorithm, Position } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';
import { encodeUtf8 } from './utf8.ts';

/** `-A null`: no integrity at all. It has no row, and takes no key. */
export const nullIntegrity = 'null';

/** What ends an `add`. */
export type Algorithms = {
  readonly encryption: KeyedAlgorithm | null;
  readonly integrity: KeyedAlgorithm | null;
  readonly compression: Compression | null;
};

/** Read every algorithm up to the `;`. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readAlgorithms(reader: TokenReader): Algorithms {
  let encryption: KeyedAlgorithm | null = null;
  let integrity: KeyedAlgorithm | null = null;
  let compression: Compression | null = null;
  while (reader.isAtWord('-E', '-A', '-C')) {
    const position = reader.position();
    if (encryption === null && reader.isAtWord('-E')) encryption = readEncryption(reader, position);
    else if (integrity === null && reader.isAtWord('-A')) integrity = readIntegrity(reader, position);
    else if (compression === null && reader.isAtWord('-C')) compression = readCompression(reader, position);
    else reader.fail('each of -E, -A and -C once, then ";"');
  }
  return { encryption, integrity, compression };
}

/** Names for `-E`, aliases included, refused ones last. */
const encryptionNames: readonly string[] = [...spellings(encryptionAlgorithms), ...Object.keys(refusedAlgorithms)];

/** Names for `-A`, aliases included, refused ones last. */
const integrityNames: readonly string[] = [
  ...spellings(integrityAlgorithms),
  nullIntegrity,
  ...Object.keys(refusedAlgorithms),
];

const compressionNames = ['deflate', 'lzs', 'oui'] as const;

function readEncryption(reader: TokenReader, position: Position): KeyedAlgorithm {
  reader.next();
  const { text } = reader.peek();
  const known = findEncryptionAlgorithm(text);
  if (known === null && findIntegrityAlgorithm(text) !== null) {
    reader.fail(`an encryption algorithm (${text} is for -A)`);
  }
  if (known === null && !Object.hasOwn(refusedAlgorithms, text))
    reader.fail('an encryption algorithm', encryptionNames);
  reader.next();
  const takesKey = known === null || encryptionRow(known).kind !== 'null';
  return { name: known ?? text, key: takesKey ? readKey(reader) : null, position };
}

function readIntegrity(reader: TokenReader, position: Position): KeyedAlgorithm {
  reader.next();
  const { text } = reader.peek();
  const known = text === nullIntegrity ? nullIntegrity : findIntegrityAlgorithm(text);
  if (known === null && findEncryptionAlgorithm(text) !== null) {
    reader.fail(`an integrity algorithm (${text} is for -E)`);
  }
  if (known === null && !Object.hasOwn(refusedAlgorithms, text)) reader.fail('an integrity algorithm', integrityNames);
  reader.next();
  return { name: known ?? text, key: known === nullIntegrity ? null : readKey(reader), position };
}

function readCompression(reader: TokenReader, position: Position): Compression {
  reader.next();
  const name = reader.choose(compressionNames, 'a compression algorithm');
  const isRaw = reader.isAtWord('-R');
  if (isRaw) reader.next();
  return { name, isRaw, position };
}

function readKey(reader: TokenReader): KeyMaterial {
  const { kind, text } = reader.peek();
  const isHex = kind === 'word' && /^0x/i.test(text);
  const bytes = kind === 'string' ? encodeUtf8(text) : isHex ? fromHex(text.slice(2)) : null;
  if (bytes === null)
    reader.fail(isHex ? 'only hexadecimal digits after 0x' : 'a key: 0x and hexadecimal digits, or "text"');
  reader.next();
  return new KeyMaterial(bytes);
}

function spellings(table: Readonly<Record<string, { readonly aliases: readonly string[] }>>): string[] {
  return Object.entries(table).flatMap(([name, row]) => [name, ...row.aliases]);
}
