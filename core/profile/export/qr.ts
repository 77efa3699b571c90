/**
 * `qr`: the compact profile as a QR code (ISO/IEC 18004), for a terminal and as SVG: two pictures of the same text.
 * @module
 */
import { renderSVG, renderUnicodeCompact } from 'uqr';
import { encodeCompactProfile } from './compact-profile.ts';
import { stemOf, unsupported, type Exporter } from './export-source.ts';

/** What version 40 holds at error correction level L, in bytes. */
const mostBytes = 2953;

/** Four modules of white all around, as the standard wants it. */
const options = { ecc: 'L', border: 4 } as const;

/** Two files: `NAME.txt` for terminals, `NAME.svg`. */
export const exportQr: Exporter = ({ profile, secrets }) => {
  const content = encodeCompactProfile({ profile, secrets });
  // Names of profiles may hold letters of two to four bytes.
  const bytes = utf8Length(content);
  if (bytes > mostBytes) {
    throw unsupported('', `a QR code holds ${mostBytes} bytes, and this profile takes ${bytes}`);
  }
  const holdsKeys = secrets !== null;
  const name = stemOf(profile);
  return [
    { name: `${name}.txt`, text: `${renderUnicodeCompact(content, options)}\n`, holdsKeys },
    { name: `${name}.svg`, text: `${renderSVG(content, { ...options, pixelSize: 4 })}\n`, holdsKeys },
  ];
};

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
