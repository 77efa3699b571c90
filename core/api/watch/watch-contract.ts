/**
 * The part of the contract by which a status is watched instead of asked for: whole once, then what has changed of it,
 * as JSON-RPC notifications of one method. A listener that reads too slowly gets fewer of them, each with all that
 * has changed since the one before; nothing is ever lost, and nothing waits for it but the last.
 * @module
 */
import { z } from 'zod';
import { profileViewSchema, setAsideSchema } from '#core/api/profile-contract.ts';
import {
  associationSchema,
  dropsSchema,
  interfaceName,
  interfaceSchema,
  larvalSchema,
  policySchema,
  settingsSchema,
  statusSchema,
} from './status-schema.ts';

/** The notification's method. */
export const updateMethod = 'status';

/** When nothing happens, the time of so many milliseconds between updates says that the helper lives. */
export const heartbeatMs = 10_000;

/** Paces that a listener may ask for. */
const leastEveryMs = 1000;
const mostEveryMs = 60_000;

const count = z.number().nonnegative();

/** Everything that is watched: the status, and what was saved. */
const watchedSchema = statusSchema.extend({
  profiles: z.array(profileViewSchema),
  setAside: z.array(setAsideSchema),
});

/** Of one list: each item that is new or changed with its key and the fields that changed, and all keys in order where that is another. */
const changesOf = <Item extends z.ZodType, Key extends z.ZodType>(item: Item, key: Key) =>
  z.object({ items: z.array(item), order: z.array(key).nullable() }).optional();

/** What has changed of it. */
const changesSchema = z.object({
  settings: settingsSchema.optional(),
  interfaces: changesOf(interfaceSchema.partial().required({ name: true }), interfaceName),
  associations: changesOf(associationSchema.partial().required({ id: true }), z.number().int()),
  larvals: z.array(larvalSchema).optional(),
  policies: changesOf(policySchema.partial().required({ spid: true }), z.number().int()),
  drops: dropsSchema.optional(),
  profiles: changesOf(profileViewSchema.partial().required({ id: true }), z.string()),
  setAside: z.array(setAsideSchema).optional(),
});

/** A notification's parameters. */
export const updateSchema = z.object({
  /** The update, or the whole, that this one follows: who has not got that one watches anew. */
  from: count,
  number: count,
  /** Until when, by the helper's clock, everything was as the one before has it. */
  sinceMs: count,
  nowMs: count,
  changes: changesSchema,
});

/** A status to begin with. */
const wholeSchema = z.object({ number: count, canOperate: z.boolean(), status: watchedSchema });

/** method → who may call it, what it takes, what it gives. */
export const watchContract = {
  /** From now on this connection hears what changes, at most every `everyMs`; called again, it begins anew. */
  'status.watch': {
    access: 'read',
    params: z.strictObject({ everyMs: z.number().int().min(leastEveryMs).max(mostEveryMs).default(leastEveryMs) }),
    result: wholeSchema,
  },
  'status.unwatch': { access: 'read', params: z.strictObject({}), result: z.object({}) },
  /** Hear now what has changed, whatever the pace: it comes before the answer. For who has just changed something. */
  'status.flush': { access: 'read', params: z.strictObject({}), result: z.object({}) },
} as const;

/** Everything that is watched. */
export type Watched = z.output<typeof watchedSchema>;
/** What has changed of it. */
export type StatusChanges = z.output<typeof changesSchema>;
/** What a listener hears. */
export type StatusUpdate = z.output<typeof updateSchema>;
/** What a listener begins with. */
export type WholeStatus = z.output<typeof wholeSchema>;
