/**
 * CycloneDX 1.6 (ECMA-424) as far as our bill of materials uses it: what its schema demands of these fields, that it
 * names each component once, and the grammar of package URLs and SPDX expressions (SPDX 2.3, annex D).
 * @module
 */
import { z } from 'zod';

const hashLengths = { 'SHA-256': 64, 'SHA-512': 128 } as const;
const hash = z
  .strictObject({ alg: z.enum(['SHA-256', 'SHA-512']), content: z.string().regex(/^[0-9a-f]+$/) })
  .refine(({ alg, content }) => content.length === hashLengths[alg], 'a digest of another length');

/** An identifier of SPDX's list, or two of them joined; anything else has no meaning to who reads the bill. */
const spdxNames =
  '(?:0BSD|Apache-2\\.0|BSD-2-Clause|BSD-3-Clause|BlueOak-1\\.0\\.0|BSL-1\\.0|CC0-1\\.0|ISC|MIT|MIT-0|OFL-1\\.1|OpenSSL|Unicode-3\\.0|Unlicense|Zlib)';
const spdxTerm = `${spdxNames}(?: WITH LLVM-exception)?`;
const spdxGroup = `(?:${spdxTerm}|\\(${spdxTerm}(?: (?:AND|OR) ${spdxTerm})*\\))`;
const expression = z.string().regex(new RegExp(`^${spdxGroup}(?: (?:AND|OR) ${spdxGroup})*$`));

/** A name's characters (purl-spec, "rules for each component"), and a version. */
const purl = z.string().regex(/^pkg:(?:npm\/(?:%40[\w.-]+\/)?|cargo\/|generic\/)[\w.-]+@\d[\w.+-]*$/);

const component = z.strictObject({
  type: z.enum(['application', 'framework', 'library']),
  'bom-ref': z.string().min(1),
  group: z.string().min(1).optional(),
  name: z.string().min(1),
  version: z.string().min(1),
  purl,
  licenses: z.tuple([z.strictObject({ expression })]),
  hashes: z.array(hash).length(1).optional(),
});

const bill = z
  .strictObject({
    bomFormat: z.literal('CycloneDX'),
    specVersion: z.literal('1.6'),
    version: z.int().min(1),
    metadata: z.strictObject({
      component: component.omit({ purl: true, group: true, hashes: true, licenses: true }).extend({
        licenses: z.tuple([z.strictObject({ license: z.strictObject({ id: z.literal('BSD-2-Clause') }) })]),
      }),
    }),
    components: z.array(component).min(1),
  })
  .refine(
    ({ components }) => new Set(components.map((one) => one['bom-ref'])).size === components.length,
    'two components with one bom-ref',
  );

/** A bill. */
export type Bill = z.infer<typeof bill>;

/** Read one. @throws {Error} with every place that breaks a rule. */
export function readBill(text: string): Bill {
  const read = bill.safeParse(JSON.parse(text));
  if (!read.success) throw new Error(z.prettifyError(read.error));
  return read.data;
}
