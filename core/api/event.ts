/**
 * What a connection hears after `events.subscribe`: JSON-RPC notifications of one method, each with one event, in order.
 * A listener that reads too slowly loses the oldest, and every event says how many were lost before it.
 * @module
 */
import { z } from 'zod';
import type { GatewayEvent } from '#core/tunnel/event/gateway-event.ts';
import type { ProfileEvent } from '#core/tunnel/profile/profile-event.ts';
import { profilePhases } from '#core/tunnel/profile/profile-state.ts';
import type { TimelineEvent } from '#core/tunnel/timeline/timeline.ts';
import { tunnelStates } from '#core/tunnel/tunnel-state.ts';
import { policyActionSchema, selectorSchema } from '#core/api/watch/status-schema.ts';
import { timelineEntrySchema } from './desktop-contract.ts';

/** The notification's method. */
export const eventMethod = 'event';

const count = z.number().nonnegative();
const ends = { source: z.string().max(64), destination: z.string().max(64), reqid: z.number().int() };
/** Events of this connection that were dropped since it subscribed. */
const lost = { atMs: count, dropped: count };

/** One notification's parameters. */
export const eventSchema = z.discriminatedUnion('kind', [
  /** PF_KEY's GETSPI, ADD, UPDATE and DELETE; null for what the message does not tell. */
  z.object({
    kind: z.literal('association'),
    ...lost,
    pid: z.number().int(),
    change: z.enum(['getspi', 'add', 'update', 'delete']),
    source: ends.source,
    destination: ends.destination,
    protocol: z.enum(['esp', 'esp-udp']),
    /** Null: all between these two. */
    spi: z.number().int().nullable(),
    reqid: z.number().int().nullable(),
    mode: z.enum(['transport', 'tunnel', 'any']).nullable(),
  }),
  /** SPDADD, SPDUPDATE and SPDDELETE: policies of users; those of interfaces are not told. */
  z.object({
    kind: z.literal('policy'),
    ...lost,
    pid: z.number().int(),
    change: z.enum(['add', 'update', 'delete']),
    spid: z.number().int(),
    action: policyActionSchema,
    ...selectorSchema.shape,
  }),
  /** FLUSH and SPDFLUSH. */
  z.object({
    kind: z.literal('flush'),
    ...lost,
    pid: z.number().int(),
    what: z.enum(['associations', 'policies']),
  }),
  /** PF_KEY's EXPIRE: an association is dying (soft), or is gone (hard, and unused: never used by its soft time). */
  z.object({
    kind: z.literal('expire'),
    ...lost,
    hardness: z.enum(['soft', 'hard', 'unused']),
    limit: z.enum(['addSeconds', 'useSeconds', 'bytes', 'packets']),
    ...ends,
    protocol: z.enum(['esp', 'esp-udp']),
    spi: z.number().int(),
  }),
  /** PF_KEY's ACQUIRE: a packet has no association to go by. */
  z.object({
    kind: z.literal('acquire'),
    ...lost,
    interface: z.string().max(15),
    spid: z.number().int(),
    ...ends,
    family: z.union([z.literal(4), z.literal(6)]),
    sequence: z.number().int(),
  }),
  /** An auditable drop (RFC 4303 §4): what RFC 4301 §9 wants of it. `reason` is a name of core/datapath/drop-reason.ts. */
  z.object({
    kind: z.literal('audit'),
    ...lost,
    reason: z.string().max(64),
    interface: z.string().max(15).nullable(),
    source: ends.source,
    destination: ends.destination,
    spi: z.number().int().nullable(),
    sequence: z.number().int().nullable(),
    flowLabel: z.number().int().nullable(),
    packets: count,
  }),
  /** A profile was changed, or its state was. */
  z.object({
    kind: z.literal('profile'),
    ...lost,
    change: z.enum(['created', 'edited', 'renamed', 'deleted', 'state']),
    id: z.string(),
    name: z.string(),
    phase: z.enum(profilePhases),
    tunnelState: z.enum(tunnelStates).nullable(),
  }),
  /** The timeline has a new entry, as `timeline.list` gives it. */
  z.object({ kind: z.literal('timeline'), ...lost, entry: timelineEntrySchema }),
]);

/** An event as a listener gets it. */
export type ApiEvent = z.output<typeof eventSchema>;

/** Add what only the connection knows. */
export function toApiEvent(event: GatewayEvent | ProfileEvent | TimelineEvent, dropped: number): ApiEvent {
  return event.kind === 'timeline'
    ? { ...event, entry: { ...event.entry, details: { ...event.entry.details } }, dropped }
    : { ...event, dropped };
}
