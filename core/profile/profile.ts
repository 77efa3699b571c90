/**
 * A profile: what a user saves of a tunnel. One zod schema; everything that reads or writes a profile derives from it.
 * Secrets are not in it (profile-secrets.ts), so whatever shows a profile cannot show a key.
 *
 * Shapes and ranges of single fields are checked here, what fields have to do with each other in profile-check.ts.
 * @module
 */
import { z } from 'zod';
import { encryptionAlgorithms, integrityAlgorithms } from '#core/crypto/algorithms.ts';
import type { InterfaceOptions } from '#core/ipsecif/interface-options.ts';
import { defaultMtu } from '#core/ipsecif/mtu.ts';

/** Version of the format. A change of meaning raises it and adds a step to profile-migration.ts. */
export const profileVersion = 3;

/** Letters, digits and a few marks, blanks inside: it can be typed on a command line and shown anywhere. */
const namePattern = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} ._+@-]{0,62}[\p{L}\p{N}\p{M}._+@-])?$/u;

/** Name of a profile. */
export const profileNameSchema = z
  .string()
  .max(200)
  .transform((name) => name.normalize('NFC'))
  .refine((name) => namePattern.test(name), {
    message: 'a name has 1 to 64 letters, digits, blanks and . _ + @ - and begins with a letter or digit',
  });

const port = z.number().int().min(0).max(65535);
const addressText = z.string().min(1).max(64);
const hostText = z.string().min(1).max(254);
const prefixText = z.string().min(1).max(100);

/** One end: address, DNS name or (this end only) `auto`; port 0 where not set. */
const endpointSchema = z.strictObject({ host: hostText, port: port.default(0) });

const flagsSchema = z.strictObject({
  link0: z.boolean().default(false),
  link1: z.boolean().default(false),
  link2: z.boolean().default(true),
  unnumbered: z.boolean().default(false),
});

/** Interface options (core/ipsecif/interface-options.ts); what is left out is as on a fresh interface. */
const optionsSchema = z.strictObject({
  pmtu: z.union([z.literal(-1), z.literal(0), z.literal(1)]).optional(),
  hopLimit: z.number().int().nullable().optional(),
  dontFragment: z.enum(['clear', 'set', 'copy']).nullable().optional(),
  followsPeer: z.boolean().optional(),
  keepalives: z.boolean().optional(),
  answersRefused: z.boolean().optional(),
  tfcMultiple: z.number().int().optional(),
  dummiesPerSecond: z.number().int().optional(),
} satisfies Record<keyof InterfaceOptions, z.ZodType>);

const innerAddressSchema = z.strictObject({
  address: addressText,
  prefixLength: z.number().int().min(0).max(128),
  peer: addressText.nullable().default(null),
});

const limit = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0);
/** As `Lifetime` of core/sad/lifetime.ts; 0 for unlimited. */
const lifetimeSchema = z.strictObject({ addSeconds: limit, useSeconds: limit, bytes: limit, packets: limit });
const noLifetime = { addSeconds: 0, useSeconds: 0, bytes: 0, packets: 0 };

const spi = z.number().int().min(256).max(0xffffffff);

/**
 * The associations of both directions for one inner family, or under link0 (NAT-T) for both: ipsecif's policies have
 * a reqid of their own for each family, and under link0 none (if_ipsec.c).
 */
const spiPairSchema = z.strictObject({ carries: z.enum(['ipv4', 'ipv6', 'any']), spiOut: spi, spiIn: spi });

/** Keys that were agreed on by hand: all but the keys themselves. */
const manualKeysSchema = z.strictObject({
  kind: z.literal('manual'),
  encryption: z.enum(keysOf(encryptionAlgorithms)),
  integrity: z.enum(keysOf(integrityAlgorithms)).nullable(),
  pairs: z.array(spiPairSchema).min(1).max(2),
  /** setkey's `-r`. 0 by default: keys by hand outlive restarts, sequence numbers do not (RFC 4303 §3.3.3). */
  replayBytes: z.number().int().min(0).max(8192).default(0),
  hasEsn: z.boolean().default(false),
  soft: lifetimeSchema.default(noLifetime),
  hard: lifetimeSchema.default(noLifetime),
});

/**
 * while-up: from `up` to `down`, whatever becomes of the device and of culvertd in between; always: from the moment it is
 * saved, also after `down`; never: as on NetBSD, routes go with the interface.
 */
export const failClosedWhen = ['while-up', 'always', 'never'] as const;

/** Where keys come from, told apart by `kind`; a key exchange is another member. */
const keySourceSchema = z.discriminatedUnion('kind', [manualKeysSchema]);

/** A profile. */
export const profileSchema = z.strictObject({
  /** Version 2 differs by what it leaves out, so it is taken as it is. */
  version: z
    .literal([2, profileVersion])
    .transform((): typeof profileVersion => profileVersion)
    .default(profileVersion),
  name: profileNameSchema,
  description: z.string().max(500).default(''),
  interface: z.string().max(15),
  local: endpointSchema,
  peer: endpointSchema,
  flags: flagsSchema.default({ link0: false, link1: false, link2: true, unnumbered: false }),
  options: optionsSchema.default({}),
  mtu: z.number().int().default(defaultMtu),
  addresses: z.array(innerAddressSchema).max(64).default([]),
  /** Networks at the other end: routed into the tunnel. */
  routes: z.array(prefixText).max(1024).default([]),
  /** Networks at this end, which the other end routes into its tunnel: only its configuration needs them. */
  networks: z.array(prefixText).max(1024).default([]),
  keys: keySourceSchema,
  /** Whether the tunnel comes up when the helper starts. */
  startup: z.enum(['up', 'manual']).default('manual'),
  /** When `routes` are refused while no tunnel carries them, rather than sent elsewhere in the clear. */
  failClosed: z.enum(failClosedWhen).default('while-up'),
});

/** A profile, complete. */
export type Profile = z.output<typeof profileSchema>;
/** A profile as a user may write it: what has a default may be left out. */
export type ProfileInput = z.input<typeof profileSchema>;
/** Keys by hand. */
export type ManualKeys = z.output<typeof manualKeysSchema>;
/** The associations of one inner family. */
export type SpiPair = z.output<typeof spiPairSchema>;

/** The keys of a table as zod's enum takes them. */
function keysOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly [Name, ...Name[]] {
  return Object.keys(table) as unknown as readonly [Name, ...Name[]];
}
