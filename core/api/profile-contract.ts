/**
 * The part of the contract that is about profiles. Secrets go one way: `create` and `edit` take them, no read gives them
 * back; of keys only their lengths are told. `export` alone gives keys, to the operator who asks for them by name.
 * @module
 */
import { z } from 'zod';
import { exportFormatNames } from '#core/profile/export/export-format.ts';
import { importFormatNames } from '#core/profile/import/import-format.ts';
import { profileNameSchema, profileSchema } from '#core/profile/profile.ts';
import { profileSecretsSchema } from '#core/profile/profile-secrets.ts';
import { profilePhases } from '#core/tunnel/profile/profile-state.ts';
import { tunnelStates } from '#core/tunnel/tunnel-state.ts';
import { changeContract } from './change-contract.ts';
import { filesSchema } from './configuration-contract.ts';

const count = z.number().nonnegative();
const bits = z.object({ encryptionBits: count, integrityBits: count });

/** A profile as anyone may see it. */
export const profileViewSchema = z.object({
  /** Stays through renames. */
  id: z.string(),
  profile: profileSchema,
  /** The revision of `profile`, which `profile.edit` asks for. */
  savedRevision: z.number().int(),
  secrets: z.object({ pairs: z.array(z.object({ out: bits, in: bits })) }),
  phase: z.enum(profilePhases),
  sinceMs: count,
  /** Why it is not up, or what went wrong since. */
  problem: z
    .object({
      code: z.string(),
      message: z.string(),
      hint: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    })
    .nullable(),
  nextTryMs: count.nullable(),
  /** The outer addresses in use; null unless it is on. */
  outer: z
    .object({ local: z.string(), peer: z.string(), localPort: z.number().int(), peerPort: z.number().int() })
    .nullable(),
  /** The revision that is in the machine; when it is not `savedRevision`, down and up makes it so. */
  revision: z.number().int().nullable(),
  /** What its tunnel does; null unless it is on. */
  tunnelState: z.enum(tunnelStates).nullable(),
  /** Networks of it that the machine refuses at this moment, for no tunnel carries them (`failClosed`). */
  refused: z.array(z.string()),
});

/** A file that is not among the profiles. */
export const setAsideSchema = z.object({
  file: z.string(),
  reason: z.enum(['broken', 'newer', 'twice']),
  message: z.string(),
});

const named = z.strictObject({ name: z.string().max(200) });

/** method → who may call it, what it takes, what it gives. */
export const profileContract = {
  'profile.list': {
    access: 'read',
    params: z.strictObject({}),
    result: z.object({ profiles: z.array(profileViewSchema), setAside: z.array(setAsideSchema) }),
  },
  'profile.show': { access: 'read', params: named, result: profileViewSchema },
  /** `generate`: the helper makes the keys, and nobody else sees them. */
  'profile.create': {
    access: 'operate',
    params: z.strictObject({ profile: profileSchema, secrets: z.union([profileSecretsSchema, z.literal('generate')]) }),
    result: profileViewSchema,
  },
  /** Replace what is at `revision`. A tunnel that is up stays as it is until it comes up anew. */
  'profile.edit': {
    access: 'operate',
    params: z.strictObject({
      name: z.string().max(200),
      revision: z.number().int(),
      profile: profileSchema,
      secrets: z.union([profileSecretsSchema, z.enum(['generate', 'keep'])]),
    }),
    result: profileViewSchema,
  },
  'profile.rename': { access: 'operate', params: named.extend({ to: profileNameSchema }), result: profileViewSchema },
  ...changeContract,
  /** Refused while it is up. */
  'profile.delete': { access: 'operate', params: named, result: z.object({}) },
  /** Files for another system, or with `isPeer` for the other end. Keys are placeholders unless `withKeys`. */
  'profile.export': {
    access: 'operate',
    params: named.extend({
      format: z.enum(exportFormatNames),
      isPeer: z.boolean(),
      withKeys: z.boolean(),
      /** How the other end reaches this one, where that is not what the profile says: behind a NAT box. */
      ownHost: z.string().min(1).max(254).nullable().default(null),
    }),
    result: z.object({
      files: z.array(z.object({ name: z.string(), text: z.string(), holdsKeys: z.boolean() })),
      notes: z.array(z.string()),
    }),
  },
  /**
   * Read texts of any system (`format` null: each says by itself what it is). Nothing is saved; keys stay in the helper
   * under the token, for ten minutes.
   */
  'profile.import': {
    access: 'operate',
    params: z.strictObject({
      files: filesSchema,
      format: z.enum(importFormatNames).nullable().default(null),
      /** `texts` of an earlier answer: its files are read with these, so that who asks need not keep them. */
      joins: z.string().max(64).nullable().default(null),
    }),
    result: z.object({
      /** Null where there is nothing to save. */
      token: z.string().nullable(),
      texts: z.string(),
      profiles: z.array(
        z.object({
          profile: profileSchema,
          /** Whether the texts have its keys; otherwise new ones are made, and the other end needs them, too. */
          hasKeys: z.boolean(),
          conflict: z.string().nullable(),
          warning: z.string().nullable(),
        }),
      ),
      /** What a profile has no place for; `line` 0: of no line. */
      unmapped: z.array(z.object({ file: z.string(), line: z.number().int(), text: z.string(), why: z.string() })),
    }),
  },
  /** Save what `profile.import` gave, all of it or nothing, under other names where `names` has some. */
  'profile.saveImport': {
    access: 'operate',
    params: z.strictObject({
      token: z.string().max(64),
      names: z.array(profileNameSchema.nullable()).max(4096).default([]),
    }),
    result: z.object({ profiles: z.array(profileViewSchema) }),
  },
  /** The phase is `on`, or `retrying` with a `problem` that may pass; what does not pass is an error. */
  'profile.up': { access: 'operate', params: named, result: profileViewSchema },
  'profile.down': { access: 'operate', params: named, result: profileViewSchema },
} as const;

/** A method about profiles. */
export type ProfileMethod = keyof typeof profileContract;
/** What `profile.import` gives. */
export type ImportAnswer = z.output<(typeof profileContract)['profile.import']['result']>;
/** A profile as `profile.show` gives it. */
export type ProfileAnswer = z.output<typeof profileViewSchema>;
