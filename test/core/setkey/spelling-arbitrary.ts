/**
 * Other spellings of the same setkey text: white space, line breaks, comments, number forms and quotes as people write
 * them. The text given is what the printer prints, so its tokens are known.
 * @module
 */
import fc from 'fast-check';
import { tokenize, type Token } from '#core/setkey/lexer.ts';

const gap = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(' ', '  ', '\t', '\r\n', '\n', '\n\n \n') },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }).map((note) => ` #${note.replace(/\n/g, '')}\n`) },
);

/** `text` with gaps drawn anew, and SPIs and keys in other forms. */
export function respelled(text: string): fc.Arbitrary<string> {
  const tokens = tokenize(text).slice(0, -1);
  return fc
    .tuple(
      fc.array(gap, { minLength: tokens.length + 1, maxLength: tokens.length + 1 }),
      fc.infiniteStream(fc.boolean()),
    )
    .map(([gaps, coins]) => {
      const flip = (): boolean => coins.next().value === true;
      const words = tokens.map((token, index) => {
        const isTight = isAdjacent(tokens[index - 1], token) && flip();
        return `${isTight ? '' : gaps[index]}${spelling(text, token, tokens[index - 1], flip())}`;
      });
      return `${words.join('')}${gaps.at(-1) ?? ''}`;
    });
}

function isAdjacent(before: Token | undefined, token: Token): boolean {
  return before !== undefined && before.offset + before.length === token.offset;
}

/** Keys of letters may be quoted, and hexadecimal digits may be capitals. */
function spelling(text: string, token: Token, before: Token | undefined, isOther: boolean): string {
  const raw = text.slice(token.offset, token.offset + token.length);
  if (!isOther || before === undefined || !token.text.startsWith('0x') || !token.isSecret) return raw;
  return `0X${token.text.slice(2).toUpperCase()}`;
}
