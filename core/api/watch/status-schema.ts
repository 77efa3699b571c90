/**
 * What the helper shows of itself, as zod schemas: the fields of `status.get`, which commands take, too, and what an
 * update of a watched status is made of. It stands apart from the contract, whose parts all stand on it.
 * @module
 */
import { z } from 'zod';
import { tunnelStates } from '#core/tunnel/tunnel-state.ts';

/** `ipsecN`. */
export const interfaceName = z.string().max(15);
/** An IPv4 or IPv6 address; parsed where it is used. */
export const addressText = z.string().max(64);
/** A port; 0 for none. */
export const port = z.number().int().min(0).max(65535);
const count = z.number().nonnegative();
const family = z.union([z.literal(4), z.literal(6)]);

/** An inner address of an interface. */
export const innerAddressSchema = z.object({
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
export const tunnelStateSchema = z.enum(tunnelStates);

const dontFragmentSchema = z.enum(['clear', 'set', 'copy']);

/** Options of an interface; -1 and null mean what is set for all of them. */
export const interfaceOptionsSchema = z.object({
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
export const settingsSchema = z.object({
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

/** Only reasons that happened; names of core/datapath/drop-reason.ts. */
export const dropsSchema = z.array(z.object({ reason: z.string(), packets: count }));

/** An interface as anyone may see it. */
export const interfaceSchema = z.object({
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
  /** What another program has changed of its device, as of some seconds ago: set down, addresses gone, another MTU; null for nothing. */
  altered: z
    .object({ isDown: z.boolean(), missing: z.array(addressText), mtu: z.number().int().nullable() })
    .nullable(),
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
  drops: dropsSchema,
});

const lifetimeSchema = z.object({ addSeconds: count, useSeconds: count, bytes: count, packets: count });

/** An association without its keys. */
export const associationSchema = z.object({
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
export const larvalSchema = z.object({
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
const portSelectorSchema = z.union([port, z.strictObject({ first: port, last: port }), z.literal('opaque')]);

/** What a policy does, in RFC 4301's words. */
export const policyActionSchema = z.enum(['protect', 'bypass', 'discard']);
/** What a policy asks of an association. */
export const policyRequestSchema = z.object({
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
export const policySchema = z.object({
  spid: z.number().int(),
  ...selectorSchema.shape,
  action: policyActionSchema,
  requests: z.array(policyRequestSchema),
  origin: z.enum(['user', 'kernel']),
});

/** Everything at one moment. */
export const statusSchema = z.object({
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
  drops: dropsSchema,
});
