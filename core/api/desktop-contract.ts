/**
 * The part of the contract that the window's screens stand on: history of traffic, the timeline, what the machine's
 * network looks like, what a change would do before it is made, and the ladder of checks. Nothing here tells a key.
 * @module
 */
import { z } from 'zod';
import { profileSchema } from '#core/profile/profile.ts';
import { conflictSeverities, fateWords } from '#core/tunnel/preview/preview-words.ts';
import { replayWindowsAtOnce } from './replay-limit.ts';
import { historySpans } from '#core/tunnel/history/history-span.ts';
import { chartMarks, timelineKinds, timelineSeverities } from '#core/tunnel/timeline/timeline-kind.ts';
import { checkIds } from '#core/tunnel/verify/check-registry.ts';
import { checkStates } from '#core/tunnel/verify/check-result.ts';

const interfaceName = z.string().max(15);
const addressText = z.string().max(64);
const port = z.number().int().min(0).max(65535);
const count = z.number().nonnegative();
const rate = count.nullable();
const text = z.string();
const details = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** What is wrong, as an error would say it. */
const problemSchema = z.object({ code: text, message: text, hint: text, details });

/** Rates per second over the step that begins at `atMs`; all null where nobody counted: asleep, or not there yet. */
const historyPointSchema = z.object({
  atMs: count,
  outBytes: rate,
  inBytes: rate,
  outPackets: rate,
  inPackets: rate,
  /** Only drops that are errors. */
  drops: rate,
});

/** An entry of the timeline. `text` is whole; `details` are the words in it, for whoever filters or links. */
export const timelineEntrySchema = z.object({
  /** Rises by one with each entry of this helper's life. */
  id: count,
  atMs: count,
  severity: z.enum(timelineSeverities),
  kind: z.enum(timelineKinds),
  interface: interfaceName.nullable(),
  text,
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** A policy in a preview: `after` is null for one that goes, `before` for one that appears. */
const policyRowSchema = z.object({
  fate: z.enum(fateWords),
  direction: z.enum(['in', 'out']),
  /** `192.0.2.1[any] 192.0.2.2[any] 4(ipv4)`, as setkey -DP writes it. */
  selector: text,
  /** `esp/transport//unique#16385`, `discard`, or without a number where it is drawn only when the change is made. */
  before: text.nullable(),
  after: text.nullable(),
});

/** An association in a preview; `appears`: begins to be used, `goes`: no longer used. It stays in the SAD either way. */
const associationRowSchema = z.object({
  fate: z.enum(fateWords),
  direction: z.enum(['in', 'out']),
  spi: z.number().int(),
  /** `192.0.2.1 192.0.2.2 esp 0x00001000`, as setkey writes it. */
  text,
});

const interfaceChangesSchema = z.strictObject({
  isUp: z.boolean().optional(),
  unnumbered: z.boolean().optional(),
  link0: z.boolean().optional(),
  link1: z.boolean().optional(),
  link2: z.boolean().optional(),
  mtu: z.number().int().optional(),
  /** Null: take the outer addresses away. */
  tunnel: z
    .object({ local: addressText, peer: addressText, localPort: port.default(0), peerPort: port.default(0) })
    .nullable()
    .optional(),
});

/** What a change of an interface does, or would do. */
export const interfacePreviewSchema = z.object({
  policies: z.array(policyRowSchema),
  associations: z.array(associationRowSchema),
  /** Why the change would be refused; then nothing would change. */
  problem: problemSchema.nullable(),
  /** The equal commands, a line each. */
  commands: z.array(text),
});

const profilePreviewSchema = z.object({
  /** The outer addresses of this moment; null while they cannot be found out. */
  outer: z.object({ local: text, peer: text, localPort: port, peerPort: port }).nullable(),
  /** Lines of /etc/ifconfig.ipsecN, without `ifconfig ipsecN`. */
  interface: z.array(text),
  policies: z.array(policyRowSchema),
  /** Without keys; `carries` is `any` under NAT-T. */
  associations: z.array(
    z.object({
      direction: z.enum(['in', 'out']),
      carries: z.enum(['ipv4', 'ipv6', 'any']),
      spi: z.number().int(),
      text,
      encryption: text,
      integrity: text.nullable(),
    }),
  ),
  routes: z.array(z.object({ destination: text, interface: text })),
  /** The equal commands in Culvert's words, a line each; keys are written as `KEY`. */
  commands: z.array(text),
  conflicts: z.array(z.object({ field: text, message: text, severity: z.enum(conflictSeverities) })),
});

const checkSchema = z.object({
  id: z.enum(checkIds),
  title: text,
  state: z.enum(checkStates),
  /** What was seen. */
  evidence: text,
  /** What it means for the tunnel. */
  meaning: text,
  /** What to do; empty when there is nothing to do. */
  remedy: text,
});

/**
 * What the anti-replay window of an inbound association has seen (RFC 4303 §3.4.3). `size` is W, in packets;
 * `lastSequence` its right edge, T, whole under ESN; `bits` a bit in hex for each number from T−W+1 to T, 1 for one that
 * came. Bits of numbers below 1 are 0.
 */
const replayWindowSchema = z.object({
  id: z.number().int(),
  size: z.number().int(),
  lastSequence: count,
  bits: z.string(),
});

/** method → who may call it, what it takes, what it gives. */
export const desktopContract = {
  'history.get': {
    access: 'read',
    params: z.strictObject({ name: interfaceName, span: z.enum(historySpans) }),
    result: z.object({
      stepMs: count,
      points: z.array(historyPointSchema),
      marks: z.array(z.object({ atMs: count, kind: z.enum(chartMarks), text })),
    }),
  },
  /** The newest first. `name`: only those about this interface or profile. */
  'timeline.list': {
    access: 'read',
    params: z.strictObject({
      name: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(2000).default(200),
    }),
    result: z.object({ events: z.array(timelineEntrySchema) }),
  },
  /** How this machine would reach a peer; names are looked up. What is not known is null, and `problem` says why. */
  'host.outlook': {
    access: 'operate',
    params: z.strictObject({ peer: z.string().min(1).max(254) }),
    result: z.object({
      resolved: z.array(addressText),
      /** The address of `resolved` that the rest is about. */
      peer: addressText.nullable(),
      source: addressText.nullable(),
      device: z.string().nullable(),
      gateway: addressText.nullable(),
      mtu: z.number().int().nullable(),
      /** The interface of ours that the way leads into; null: none, as it should be. */
      isThroughTunnel: interfaceName.nullable(),
      problem: problemSchema.nullable(),
    }),
  },
  'host.networks': {
    access: 'read',
    params: z.strictObject({}),
    result: z.object({
      addresses: z.array(z.object({ device: text, address: addressText, prefixLength: z.number().int() })),
      routes: z.array(z.object({ destination: text, device: text.nullable(), gateway: addressText.nullable() })),
      dnsServers: z.array(addressText),
    }),
  },
  /** By `id` of a status's associations. Left out: outbound ones, those without replay check, and those that are gone. */
  'association.replayWindows': {
    access: 'read',
    params: z.strictObject({ ids: z.array(z.number().int()).max(replayWindowsAtOnce) }),
    result: z.object({ windows: z.array(replayWindowSchema) }),
  },
  /** What a change would do; nothing changes. */
  'interface.preview': {
    access: 'read',
    params: z.strictObject({ name: interfaceName, changes: interfaceChangesSchema }),
    result: interfacePreviewSchema,
  },
  /** What `profile.up` would do; `id` is the profile's own where it is saved, so that it is no conflict with itself. */
  'profile.preview': {
    access: 'operate',
    params: z.strictObject({ profile: profileSchema, id: z.string().max(64).nullable().default(null) }),
    result: profilePreviewSchema,
  },
  /**
   * The ladder of checks for a profile or interface, in order; sends pings through the tunnel. `target`: an inner
   * address to ping; null: the far end's, where it can be told.
   */
  'tunnel.verify': {
    access: 'operate',
    params: z.strictObject({ name: z.string().max(200), target: addressText.nullable().default(null) }),
    result: z.object({
      interface: interfaceName.nullable(),
      checks: z.array(checkSchema),
    }),
  },
} as const;

/** A method of the screens. */
export type DesktopMethod = keyof typeof desktopContract;
/** An entry of the timeline. */
export type TimelineEntryView = z.output<typeof timelineEntrySchema>;
/** What a replay window has seen. */
export type ReplayWindowAnswer = z.output<typeof replayWindowSchema>;
/** One check of the ladder. */
export type CheckView = z.output<typeof checkSchema>;
