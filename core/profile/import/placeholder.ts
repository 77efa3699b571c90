/**
 * Keys that an export left out: `(256-bit key)` stands for them (core/crypto/key-material.ts), which nothing accepts by
 * accident. An import reads the rest of such a text with zeros in their place, and remembers that they are none.
 * @module
 */

const pattern = /'?(?:0x)?\(([0-9]{1,4})-bit key\)'?/g;

/** The text with zeros for placeholders, and whether there were any. */
export function withoutPlaceholders(text: string): { readonly text: string; readonly hadPlaceholders: boolean } {
  let hadPlaceholders = false;
  const filled = text.replace(pattern, (_whole, bits: string) => {
    hadPlaceholders = true;
    return `0x${'0'.repeat(Math.ceil(Number(bits) / 8) * 2)}`;
  });
  return { text: filled, hadPlaceholders };
}
