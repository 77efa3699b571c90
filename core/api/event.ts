/**
 * What a connection hears after `events.subscribe`: JSON-RPC notifications of one method, each with one event, in order.
 * A listener that reads too slowly loses the oldest, and every event says how many were lost before it.
 * @module
 */
import { z } from 'zod';
import type { GatewayEvent } from '#core/tunnel/event/gateway-event.ts';

/** The notification's method. */
export const eventMethod = 'event';

const count = z.number().nonnegative();
const ends = { source: z.string().max(64), destination: z.string().max(64), reqid: z.number().int() };
/** Events of this connection that were dropped since it subscribed. */
const lost = { atMs: count, dropped: count };

/** One notification's parameters. */
export const eventSchema = z.discriminatedUnion('kind', [
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
]);

/** An event as a listener gets it. */
export type ApiEvent = z.output<typeof eventSchema>;

/** Add what only the connection knows. */
export function toApiEvent(event: GatewayEvent, dropped: number): ApiEvent {
  return { ...event, dropped };
}
