/**
 * UTF-8 (RFC 3629) of a string: the bytes of a key that is written as quoted text. The pure core has no TextEncoder.
 * @module
 */

/** The bytes of `text`, and no other copy of them. Surrogates that stand alone become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  let length = 0;
  for (const character of text) length += encodedLength(scalarOf(character));
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const character of text) offset = write(bytes, offset, scalarOf(character));
  return bytes;
}

function scalarOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
}

function encodedLength(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/** Write one character; gives the offset behind it. */
function write(bytes: Uint8Array, offset: number, point: number): number {
  const length = encodedLength(point);
  let bits = point;
  for (let index = offset + length - 1; index > offset; index--) {
    bytes[index] = 0x80 | (bits & 0x3f);
    bits >>>= 6;
  }
  // A leading byte begins with as many ones as there are bytes, when there are several.
  bytes[offset] = length === 1 ? bits : ((0xf00 >> length) & 0xff) | bits;
  return offset + length;
}
