/**
 * Keys in setkey text: `0x` and hexadecimal digits, or text in quotes, whose UTF-8 bytes are the key (setkey(8)).
 * They go from the text's characters into one array, which is wiped once it is copied: no string of a key is made here.
 * @module
 */
import { KeyMaterial } from '#core/crypto/key-material.ts';
import type { Position } from '#core/setkey/syntax.ts';
import type { TokenReader } from './token-reader.ts';
import { encodeUtf8 } from './utf8.ts';

/** A key; and where it stands when it has an odd number of digits. */
export type ReadKey = { readonly key: KeyMaterial; readonly oddKeyAt: Position | null };

/** Read a key. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readKey(reader: TokenReader): ReadKey {
  const { kind, text } = reader.peek();
  const isHex = kind === 'word' && (text.startsWith('0x') || text.startsWith('0X'));
  if (!isHex && kind !== 'string') reader.fail('a key: 0x and hexadecimal digits, or "text"');
  if (!isHex) checkText(reader, text);
  const bytes = isHex ? decodeDigits(text) : encodeUtf8(text);
  if (bytes === null) reader.fail('only hexadecimal digits after 0x');
  const oddKeyAt = isHex && text.length % 2 === 1 ? reader.position() : null;
  reader.next();
  const key = new KeyMaterial(bytes);
  bytes.fill(0);
  return { key, oddKeyAt };
}

/** setkey ends a key at a NUL, and bytes that are no UTF-8 are lost before they come here: such a key would be another one. */
function checkText(reader: TokenReader, text: string): void {
  if (text.includes('\0')) reader.fail('a key without NUL; write it as 0x and hexadecimal digits', [], 'NUL in a key');
  if (text.includes('\ufffd'))
    reader.fail('a key of UTF-8 text; write other bytes as 0x and hexadecimal digits', [], 'a key that is no UTF-8');
}

/** The bytes of the digits behind `0x`; an odd number is read as if a 0 stood in front. Null when one is no digit. */
function decodeDigits(text: string): Uint8Array | null {
  const bytes = new Uint8Array((text.length - 1) >>> 1);
  // From the last digit to the first: the first byte takes what is left.
  for (let index = text.length - 1; index >= 2; index--) {
    const digit = digitValue(text.charCodeAt(index));
    if (digit < 0) {
      bytes.fill(0);
      return null;
    }
    const fromEnd = text.length - 1 - index;
    bytes[bytes.length - 1 - (fromEnd >>> 1)]! |= digit << ((fromEnd & 1) * 4);
  }
  return bytes;
}

function digitValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
