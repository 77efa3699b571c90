/**
 * The contract between the helper and everyone who talks to it: one zod schema per method, from which the server's
 * parser, the clients' types and the test mocks derive. JSON-RPC 2.0 over a Unix socket carries it; a result is
 * always an `Answer`, so an error keeps code, message, hint and details on every hop (style rule 32).
 *
 * No result holds key bytes, except `setkey.run`, `setkey.dump` and `profile.export`, which only the operator may call.
 * @module
 */
import { z } from 'zod';
import type { WireError } from '#core/base/error.ts';
import { defaultSpiRange } from '#core/sad/spi.ts';
import { configurationContract } from './configuration-contract.ts';
import { desktopContract } from './desktop-contract.ts';
import { profileContract } from './profile-contract.ts';
import { routeContract } from './route-contract.ts';
import {
  addressText,
  innerAddressSchema,
  interfaceName,
  interfaceOptionsSchema,
  larvalSchema,
  policyActionSchema,
  policyRequestSchema,
  port,
  selectorSchema,
  settingsSchema,
  statusSchema,
  type interfaceSchema,
  type tunnelStateSchema,
} from '#core/api/watch/status-schema.ts';
import { longestText } from './text-limit.ts';
import { watchContract } from '#core/api/watch/watch-contract.ts';

/** Rises when a method or a field changes its meaning; both sides show it when they differ. */
export const contractVersion = 1;

/** Who may call a method: anyone who can reach the socket, or root and the configured operator. */
export type Access = 'read' | 'operate';

/** A statement that failed, of setkey's language or ifconfig's. */
const failureSchema = z.object({
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
  hint: z.string(),
  isSyntax: z.boolean(),
  /** BSD errno of a refusal, e.g. EEXIST; absent for syntax errors. */
  errno: z.string().optional(),
});

/** What a run of setkey statements did. */
export const setkeyResultSchema = z.object({
  /** Text that setkey prints on stdout, dumps included. */
  output: z.string(),
  /** One entry for each statement that failed; empty on success. */
  errors: z.array(failureSchema),
  /** What the user should know although it was carried out, a line each; no key is in it. */
  warnings: z.array(z.string()),
  /** Statements carried out. */
  applied: z.number().int(),
});

const nothing = z.object({});
/** Unknown fields are refused in parameters: one that is misspelt is not to be lost. */
const noParams = z.strictObject({});
const named = z.strictObject({ name: interfaceName });

/** method → who may call it, what it takes, what it gives. */
export const contract = {
  /** Who one is to the helper, and whether both speak the same contract; the first question of every window. */
  'session.get': {
    access: 'read',
    params: noParams,
    result: z.object({ contractVersion: z.number().int(), helperVersion: z.string(), canOperate: z.boolean() }),
  },
  'status.get': { access: 'read', params: noParams, result: statusSchema },
  ...watchContract,
  'interface.create': { access: 'operate', params: named, result: nothing },
  'interface.destroy': { access: 'operate', params: named, result: nothing },
  'interface.setTunnel': {
    access: 'operate',
    params: z.strictObject({
      name: interfaceName,
      local: addressText,
      peer: addressText,
      localPort: port,
      peerPort: port,
    }),
    result: nothing,
  },
  'interface.deleteTunnel': { access: 'operate', params: named, result: nothing },
  'interface.addAddress': { access: 'operate', params: named.extend(innerAddressSchema.shape), result: nothing },
  'interface.removeAddress': {
    access: 'operate',
    params: z.strictObject({ name: interfaceName, address: addressText }),
    result: nothing,
  },
  'interface.setMtu': {
    access: 'operate',
    params: z.strictObject({ name: interfaceName, mtu: z.number().int() }),
    result: nothing,
  },
  'interface.setFlags': {
    access: 'operate',
    params: z.strictObject({
      name: interfaceName,
      isUp: z.boolean().optional(),
      unnumbered: z.boolean().optional(),
      link0: z.boolean().optional(),
      link1: z.boolean().optional(),
      link2: z.boolean().optional(),
    }),
    result: nothing,
  },
  'interface.setOptions': {
    access: 'operate',
    params: interfaceOptionsSchema.partial().extend(named.shape).strict(),
    result: nothing,
  },
  /**
   * Run ifconfig text (/etc/ifconfig.ipsecN), all or nothing; `check` changes nothing. `name` is whose it is; with null
   * each line names its own.
   */
  'ifconfig.run': {
    access: 'operate',
    params: z.strictObject({
      name: interfaceName.nullable(),
      text: z.string().max(longestText),
      semantics: z.enum(['file', 'check']),
    }),
    result: z.object({
      /** All that were found before anything was done, or the one that was refused. */
      errors: z.array(failureSchema),
      /** Statements carried out; with `check` those that would be. */
      applied: z.number().int(),
    }),
  },
  ...routeContract,
  ...configurationContract,
  'settings.set': { access: 'operate', params: settingsSchema.partial().strict(), result: nothing },
  /**
   * Run setkey text. `file`: all or nothing (setkey -f); `statements`: one by one, going on after a failure
   * (setkey -c); `check`: only parse and check (setkey -n).
   */
  'setkey.run': {
    access: 'operate',
    params: z.strictObject({
      text: z.string().max(longestText),
      semantics: z.enum(['file', 'statements', 'check']),
    }),
    result: setkeyResultSchema,
  },
  /** Text of setkey -D or -DP, with `isVerbose` of -DPv; keys only with `withKeys`. */
  'setkey.dump': {
    access: 'operate',
    params: z.strictObject({
      what: z.enum(['associations', 'policies']),
      withKeys: z.boolean(),
      isVerbose: z.boolean().optional(),
    }),
    result: z.object({ text: z.string() }),
  },
  /** PF_KEY's GETSPI: keep a random free SPI (from 0x100 to 0x0fffffff unless told otherwise) for 30 seconds. */
  'association.getSpi': {
    access: 'operate',
    params: z.strictObject({
      ...larvalSchema.pick({ source: true, destination: true }).shape,
      protocol: larvalSchema.shape.protocol.default('esp'),
      mode: larvalSchema.shape.mode.default('any'),
      reqid: z.number().int().min(0).max(0xffffffff).default(0),
      min: z.number().int().default(defaultSpiRange.min),
      max: z.number().int().default(defaultSpiRange.max),
    }),
    result: z.object({ spi: z.number().int() }),
  },
  /** From now on this connection gets every event as a notification (event.ts). */
  'events.subscribe': { access: 'read', params: noParams, result: nothing },
  'association.flush': { access: 'operate', params: noParams, result: nothing },
  /** Append a policy, as setkey's spdadd does; here selectors may have ranges. `request` belongs to `protect` only. */
  'policy.add': {
    access: 'operate',
    params: selectorSchema
      .extend({ action: policyActionSchema, request: policyRequestSchema.strict().nullable() })
      .strict(),
    result: z.object({ spid: z.number().int() }),
  },
  'policy.delete': { access: 'operate', params: selectorSchema.strict(), result: nothing },
  'policy.flush': { access: 'operate', params: noParams, result: nothing },
  /** Text of setkey -DP, with `isVerbose` of -DPv: policies hold no keys. */
  'policy.dump': {
    access: 'read',
    params: z.strictObject({ isVerbose: z.boolean().default(false) }),
    result: z.object({ text: z.string() }),
  },
  ...profileContract,
  ...desktopContract,
} as const satisfies Record<string, { access: Access; params: z.ZodType; result: z.ZodType }>;

/** A method's name. */
export type Method = keyof typeof contract;
/** What a method takes, after parsing. */
export type Params<M extends Method> = z.output<(typeof contract)[M]['params']>;
/** What a method gives. */
export type Result<M extends Method> = z.output<(typeof contract)[M]['result']>;
/** What goes over the wire as the JSON-RPC result. */
export type Answer<M extends Method> =
  { readonly ok: true; readonly value: Result<M> } | { readonly ok: false; readonly error: WireError };

/** Everything at one moment, as `status.get` gives it. */
export type Status = z.output<typeof statusSchema>;
/** One interface of a `Status`. */
export type InterfaceStatus = z.output<typeof interfaceSchema>;
/** One association of a `Status`. */
export type AssociationStatus = Status['associations'][number];
/** One policy of a `Status`. */
export type PolicyStatus = Status['policies'][number];
/** What a tunnel is doing. */
export type TunnelState = z.output<typeof tunnelStateSchema>;
