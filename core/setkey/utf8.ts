/**
 * UTF-8 (RFC 3629) of a string: the bytes of a key that is written as quoted text. The pure core has no TextEncoder.
 * @module
 */

/** The bytes of `text`. Surrogates that stand alone become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), continuation(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), continuation(point >> 6), continuation(point));
    else bytes.push(0xf0 | (point >> 18), continuation(point >> 12), continuation(point >> 6), continuation(point));
  }
  return new Uint8Array(bytes);
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
