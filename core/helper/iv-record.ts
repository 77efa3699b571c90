/**
 * The text of the file in which culvertd remembers reserved IV high words: JSON with a version, the installation's
 * salt and one row a key, oldest use first. Any deviation makes the whole file broken: half a record is not trusted.
 * @module
 */
import { z } from 'zod';

/** What is known of one key: the high words `first` … `first + reserved - 1`, modulo 2³², are used up. */
export type KeyReservation = { readonly first: number; readonly reserved: number };

/** The file's content. `keys` goes from fingerprint to reservation, in order of last use. */
export type IvRecord = { readonly salt: Uint8Array; readonly keys: Map<string, KeyReservation> };

const recordSchema = z.strictObject({
  version: z.literal(1),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  keys: z.array(
    z.tuple([
      z.string().regex(/^[0-9a-f]{32}$/),
      z
        .number()
        .int()
        .min(0)
        .max(2 ** 32 - 1),
      z
        .number()
        .int()
        .min(1)
        .max(2 ** 32),
    ]),
  ),
});

/** Read the file's text; null when it is not exactly what `emitRecord` writes. */
export function parseRecord(text: string): IvRecord | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = recordSchema.safeParse(json);
  if (!parsed.success) return null;
  const keys = new Map<string, KeyReservation>();
  for (const [fingerprint, first, reserved] of parsed.data.keys) keys.set(fingerprint, { first, reserved });
  return keys.size === parsed.data.keys.length ? { salt: Buffer.from(parsed.data.salt, 'hex'), keys } : null;
}

/** Text for the file. */
export function emitRecord(record: IvRecord): string {
  const keys = [...record.keys].map(([fingerprint, { first, reserved }]) => [fingerprint, first, reserved]);
  return `${JSON.stringify({ version: 1, salt: Buffer.from(record.salt).toString('hex'), keys })}\n`;
}
