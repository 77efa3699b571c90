/**
 * The part of the contract that is about the machine's routes, and the handlers of its methods.
 * @module
 */
import { z } from 'zod';
import { routeKinds, routeOrigins } from '#core/tunnel/port/route-port.ts';

const interfaceName = z.string().max(15);
const addressText = z.string().max(64);
const prefixText = z.string().max(68);

/** A route of the machine, as anyone may see it. */
const routeSchema = z.object({
  destination: prefixText,
  kind: z.enum(routeKinds),
  interface: interfaceName.nullable(),
  gateway: addressText.nullable(),
  source: addressText.nullable(),
  metric: z.number().nonnegative(),
  origin: z.enum(routeOrigins),
});

const requestSchema = z.strictObject({
  destination: prefixText,
  kind: z.enum(routeKinds),
  /** An inner address of ours, the peer of one, or null with `interface`. */
  gateway: addressText.nullable(),
  interface: interfaceName.nullable(),
  source: addressText.nullable(),
  /** A second route of the worst metric refuses the destination once the interface is gone. */
  isFailClosed: z.boolean(),
});

const choiceSchema = requestSchema.pick({ destination: true, gateway: true, interface: true }).extend({
  kind: z.enum(routeKinds).nullable(),
});

const one = z.object({ route: routeSchema });
const many = z.object({ routes: z.array(routeSchema) });

/** method → who may call it, what it takes, what it gives. Only routes through our interfaces, or nowhere, are changed. */
export const routeContract = {
  'route.list': { access: 'read', params: z.strictObject({}), result: many },
  /** What becomes of a packet to this address; null where there is no route. */
  'route.get': {
    access: 'read',
    params: z.strictObject({ destination: addressText }),
    result: z.object({ route: routeSchema.nullable() }),
  },
  'route.add': { access: 'operate', params: requestSchema, result: one },
  /** Put it in the place of the one to the same prefix, in one step. */
  'route.change': { access: 'operate', params: requestSchema, result: one },
  'route.delete': { access: 'operate', params: choiceSchema, result: one },
  /** Delete all that `route.delete` could. */
  'route.flush': { access: 'operate', params: z.strictObject({}), result: many },
} as const;

/** A route of the machine. */
export type RouteView = z.output<typeof routeSchema>;
