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
import { tunnelStates } from '#core/tunnel/tunnel-state.ts';
import { configurationContract } from './configuration-contract.ts';
import { desktopContract } from './desktop-contract.ts';
import { profileContract } from './profile-contract.ts';
import { routeContract } from './route-contract.ts';

/** Rises when a method or a field changes its meaning; both sides show it when they differ. */
export const contractVersion = 1;

/** Who may call a method: anyone who can reach the socket, or root and the configured operator. */
export type Access = 'read' | 'operate';

const interfaceName = z.string().max(15);
const addressText = z.string().max(64);
const port = z.number().int().min(0).max(65535);
const count = z.number().nonnegative();
const family = z.union([z.literal(4), z.literal(6)]);

/** An inner address of an interface. */
const innerAddressSchema = z.object({
  address: addressText,
  prefixLength: z.number().int().min(0).max(128),
  peer: addressText.nullable(),
});

/** The outer pair of a configured interface; ports are 0 where not set. */
const outerPairSchema = z.object({
  family,
  local: addressText,
  peer: addressText,
  localPort: port,
  peerPort: port,
});

/** What a tunnel is doing, in the words of core/tunnel/tunnel-state.ts. */
const tunnelStateSchema = z.enum(tunnelStates);

const dontFragmentSchema = z.enum(['clear', 'set', 'copy']);

/** Options of an interface; -1 and null mean what is set for all of them. */
const interfaceOptionsSchema = z.object({
  pmtu: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
  hopLimit: z.number().int().nullable(),
  dontFragment: dontFragmentSchema.nullable(),
  followsPeer: z.boolean(),
  keepalives: z.boolean(),
  answersRefused: z.boolean(),
  /** RFC 4303 §2.7: pad inner packets to a multiple of so many bytes, or to the MTU where that is less; 0 for none. */
  tfcMultiple: z.number().int(),
  /** RFC 4303 §2.6; 0 for none. */
  dummiesPerSecond: z.number().int(),
});

/** What holds for every interface that says nothing else; `culvert sysctl` shows it under NetBSD's names. */
const settingsSchema = z.object({
  pmtu: z.union([z.literal(0), z.literal(1)]),
  hopLimit: z.number().int(),
  dontFragment: dontFragmentSchema,
  usesFixedReqid: z.boolean(),
  reqidBase: z.number().int(),
  logsEcn: z.boolean(),
  acceptsIcmpTooBig: z.boolean(),
  acceptsIcmpUnreachable: z.boolean(),
  acceptsIcmpTimeExceeded: z.boolean(),
  acceptsIcmpParameterProblem: z.boolean(),
  leastPathMtu: z.number().int(),
  pathMtuSeconds: z.number().int(),
  auditsDrops: z.boolean(),
});

/** An interface as anyone may see it. */
const interfaceSchema = z.object({
  name: interfaceName,
  isUp: z.boolean(),
  isRunning: z.boolean(),
  unnumbered: z.boolean(),
  link0: z.boolean(),
  link1: z.boolean(),
  link2: z.boolean(),
  mtu: z.number().int(),
  options: interfaceOptionsSchema,
  tunnel: outerPairSchema.nullable(),
  /** NAT-T: where the peer was followed to (RFC 7296 §2.23); null while it is where the tunnel says. */
  movedTo: z.object({ address: addressText, port }).nullable(),
  addresses: z.array(innerAddressSchema),
  state: tunnelStateSchema,
  counters: z.object({
    outputPackets: count,
    outputBytes: count,
    inputPackets: count,
    inputBytes: count,
    lastOutputMs: count,
    lastInputMs: count,
    /** Congestion that the outer network marked and inner packets carry on (RFC 6040 §4.2). */
    ecnCongestion: count,
    /** Combinations of inner and outer ECN that RFC 6040 §4.2 calls unused and dangerous. */
    ecnSuspicious: count,
    /** Dummy packets sent (RFC 4303 §2.6); they are no output. */
    dummyPackets: count,
  }),
  /** Only reasons that happened; names of core/datapath/drop-reason.ts. */
  drops: z.array(z.object({ reason: z.string(), packets: count })),
});

const lifetimeSchema = z.object({ addSeconds: count, useSeconds: count, bytes: count, packets: count });

/** An association without its keys. */
const associationSchema = z.object({
  id: z.number().int(),
  source: addressText,
  destination: addressText,
  protocol: z.enum(['esp', 'esp-udp']),
  ports: z.object({ source: port, destination: port }).nullable(),
  spi: z.number().int(),
  mode: z.enum(['transport', 'tunnel', 'any']),
  reqid: z.number().int(),
  replayBytes: z.number().int(),
  hasEsn: z.boolean(),
  encryption: z.string(),
  encryptionKeyBits: z.number().int(),
  integrity: z.string().nullable(),
  state: z.enum(['larval', 'mature', 'dying', 'dead']),
  createdMs: count,
  soft: lifetimeSchema,
  hard: lifetimeSchema,
  /** Interfaces whose policies select this association. */
  interfaces: z.array(interfaceName),
  usage: z.object({
    packets: count,
    bytes: count,
    firstUsedMs: count,
    lastUsedMs: count,
    sequence: count,
    replayDrops: count,
    authenticationFailures: count,
    /** Outbound: the MTU that ICMP last told of the path; 0 for none. */
    pathMtu: count,
  }),
});

/** An SPI that is kept free for a process, which makes the association mature by setkey's `update` or `add`. */
const larvalSchema = z.object({
  source: addressText,
  destination: addressText,
  protocol: z.enum(['esp', 'esp-udp']),
  spi: z.number().int(),
  mode: z.enum(['transport', 'tunnel', 'any']),
  reqid: z.number().int(),
  createdMs: count,
  pid: z.number().int(),
});

/** A port or an ICMP type or code: 0 for any, a number, a range, or `opaque` for packets that show none. */
const portSelectorSchema = z.union([port, z.object({ first: port, last: port }), z.literal('opaque')]);

/** What a policy does, in RFC 4301's words. */
export const policyActionSchema = z.enum(['protect', 'bypass', 'discard']);
const policyRequestSchema = z.object({
  level: z.enum(['default', 'use', 'require', 'unique']),
  reqid: z.number().int(),
});

/** What a policy applies to. Addresses are `A`, `A/LEN` or `A-B`. */
export const selectorSchema = z.object({
  direction: z.enum(['in', 'out']),
  source: z.string().max(100),
  destination: z.string().max(100),
  sourcePort: portSelectorSchema,
  destinationPort: portSelectorSchema,
  /** 255 for any. */
  upperProtocol: z.number().int().min(0).max(255),
});

/** A policy. */
const policySchema = z.object({
  spid: z.number().int(),
  ...selectorSchema.shape,
  action: policyActionSchema,
  requests: z.array(policyRequestSchema),
  origin: z.enum(['user', 'kernel']),
});

/** Everything at one moment. */
const statusSchema = z.object({
  contractVersion: z.number().int(),
  helperVersion: z.string(),
  pid: z.number().int(),
  /** `native`: tun-tap over TUN devices; `memory`: the in-process network. */
  datapath: z.enum(['native', 'memory']),
  nowMs: count,
  settings: settingsSchema,
  interfaces: z.array(interfaceSchema),
  associations: z.array(associationSchema),
  larvals: z.array(larvalSchema),
  policies: z.array(policySchema),
  /** Drops that belong to no interface. */
  drops: z.array(z.object({ reason: z.string(), packets: count })),
});

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
const named = z.object({ name: interfaceName });

/** method → who may call it, what it takes, what it gives. */
export const contract = {
  /** Who one is to the helper, and whether both speak the same contract; the first question of every window. */
  'session.get': {
    access: 'read',
    params: nothing,
    result: z.object({ contractVersion: z.number().int(), helperVersion: z.string(), canOperate: z.boolean() }),
  },
  'status.get': { access: 'read', params: nothing, result: statusSchema },
  'interface.create': { access: 'operate', params: named, result: nothing },
  'interface.destroy': { access: 'operate', params: named, result: nothing },
  'interface.setTunnel': {
    access: 'operate',
    params: z.object({ name: interfaceName, local: addressText, peer: addressText, localPort: port, peerPort: port }),
    result: nothing,
  },
  'interface.deleteTunnel': { access: 'operate', params: named, result: nothing },
  'interface.addAddress': { access: 'operate', params: named.extend(innerAddressSchema.shape), result: nothing },
  'interface.removeAddress': {
    access: 'operate',
    params: z.object({ name: interfaceName, address: addressText }),
    result: nothing,
  },
  'interface.setMtu': {
    access: 'operate',
    params: z.object({ name: interfaceName, mtu: z.number().int() }),
    result: nothing,
  },
  'interface.setFlags': {
    access: 'operate',
    params: z.object({
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
    params: interfaceOptionsSchema.partial().extend(named.shape),
    result: nothing,
  },
  /**
   * Run ifconfig text (/etc/ifconfig.ipsecN), all or nothing; `check` changes nothing. `name` is whose it is; with null
   * each line names its own.
   */
  'ifconfig.run': {
    access: 'operate',
    params: z.object({
      name: interfaceName.nullable(),
      text: z.string().max(4 * 1024 * 1024),
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
  'settings.set': { access: 'operate', params: settingsSchema.partial(), result: nothing },
  /**
   * Run setkey text. `file`: all or nothing (setkey -f); `statements`: one by one, going on after a failure
   * (setkey -c); `check`: only parse and check (setkey -n).
   */
  'setkey.run': {
    access: 'operate',
    params: z.object({ text: z.string().max(4 * 1024 * 1024), semantics: z.enum(['file', 'statements', 'check']) }),
    result: setkeyResultSchema,
  },
  /** Text of setkey -D or -DP, with `isVerbose` of -DPv; keys only with `withKeys`. */
  'setkey.dump': {
    access: 'operate',
    params: z.object({
      what: z.enum(['associations', 'policies']),
      withKeys: z.boolean(),
      isVerbose: z.boolean().optional(),
    }),
    result: z.object({ text: z.string() }),
  },
  /** PF_KEY's GETSPI: keep a random free SPI (from 0x100 to 0x0fffffff unless told otherwise) for 30 seconds. */
  'association.getSpi': {
    access: 'operate',
    params: larvalSchema.pick({ source: true, destination: true }).extend({
      protocol: larvalSchema.shape.protocol.default('esp'),
      mode: larvalSchema.shape.mode.default('any'),
      reqid: z.number().int().min(0).max(0xffffffff).default(0),
      min: z.number().int().default(defaultSpiRange.min),
      max: z.number().int().default(defaultSpiRange.max),
    }),
    result: z.object({ spi: z.number().int() }),
  },
  /** From now on this connection gets every event as a notification (event.ts). */
  'events.subscribe': { access: 'read', params: nothing, result: nothing },
  'association.flush': { access: 'operate', params: nothing, result: nothing },
  /** Append a policy, as setkey's spdadd does; here selectors may have ranges. `request` belongs to `protect` only. */
  'policy.add': {
    access: 'operate',
    params: selectorSchema.extend({ action: policyActionSchema, request: policyRequestSchema.nullable() }),
    result: z.object({ spid: z.number().int() }),
  },
  'policy.delete': { access: 'operate', params: selectorSchema, result: nothing },
  'policy.flush': { access: 'operate', params: nothing, result: nothing },
  /** Text of setkey -DP, with `isVerbose` of -DPv: policies hold no keys. */
  'policy.dump': {
    access: 'read',
    params: z.object({ isVerbose: z.boolean().default(false) }),
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
