/**
 * The four policies of a configured interface (if_ipsec.c: if_ipsec_add_sp): ESP in transport mode for what goes
 * between the two outer addresses as IPv4-in-IP (protocol 4) or IPv6-in-IP (protocol 41).
 *
 * All four are made whichever inner addresses the interface has, and none has ports, with NAT-T neither.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { invariant } from '#core/base/invariant.ts';
import { hostPrefix, type IpPrefix } from '#core/ip/prefix.ts';
import type { PolicySpec, SecurityPolicy } from '#core/spd/security-policy.ts';
import type { InterfaceFlags } from './flags.ts';
import type { OuterPair } from './outer-pair.ts';

/** An interface's policies by direction and inner family. */
export type GeneratedPolicies = {
  readonly in4: SecurityPolicy;
  readonly out4: SecurityPolicy;
  readonly in6: SecurityPolicy;
  readonly out6: SecurityPolicy;
};

/** Reqids of level unique: drawn one by one from the SPD's counter, or computed from the unit (NetBSD 10's sysctl net.ipsecif.use_fixed_reqid). */
export type ReqidMode =
  | { readonly kind: 'sequential' }
  | { readonly kind: 'fixed'; readonly base: number }
  /** Those of policies that were there before, for a change that is taken back. */
  | { readonly kind: 'given'; readonly reqids: GeneratedReqids };

/** A reqid for each policy; 0 where it has none. */
export type GeneratedReqids = { readonly [Policy in keyof GeneratedPolicies]: number };

/** The default: each policy draws a reqid of its own. */
export const sequentialReqids: ReqidMode = { kind: 'sequential' };

/** Protocol numbers of IP-in-IP (RFC 2003, RFC 2473). */
const innerProtocols = { v4: 4, v6: 41 } as const;
/** Largest reqid of the manual range, which fixed reqids stay in. */
const lastFixedReqid = 16383;

/** What determines an interface's policies. */
export type PolicyInput = {
  readonly unit: number;
  readonly outer: OuterPair;
  readonly flags: InterfaceFlags;
  readonly reqidMode: ReqidMode;
};

/**
 * The policies to install, in order of creation: in4, out4, in6, out6.
 * @throws {IpsecError} `INTERFACE_LIMIT` when fixed reqids end before this unit.
 */
export function generatePolicies(input: PolicyInput): [PolicySpec, PolicySpec, PolicySpec, PolicySpec] {
  const local = hostPrefix(input.outer.local);
  const peer = hostPrefix(input.outer.peer);
  return [
    generatePolicy(input, 'in', peer, local, 'v4'),
    generatePolicy(input, 'out', local, peer, 'v4'),
    generatePolicy(input, 'in', peer, local, 'v6'),
    generatePolicy(input, 'out', local, peer, 'v6'),
  ];
}

/** Name the installed policies, given in order of creation. */
export function nameGenerated(policies: readonly SecurityPolicy[]): GeneratedPolicies {
  const [in4, out4, in6, out6] = policies;
  invariant(
    in4 !== undefined && out4 !== undefined && in6 !== undefined && out6 !== undefined,
    'policies come in fours',
  );
  return { in4, out4, in6, out6 };
}

/** The policies in order of deletion: out4, in4, out6, in6 (if_ipsec.c: if_ipsec_del_sp). */
export function deletionOrder({ in4, out4, in6, out6 }: GeneratedPolicies): SecurityPolicy[] {
  return [out4, in4, out6, in6];
}

function generatePolicy(
  { unit, flags, reqidMode }: PolicyInput,
  direction: PolicySpec['direction'],
  source: IpPrefix,
  destination: IpPrefix,
  inner: keyof typeof innerProtocols,
): PolicySpec {
  const upperProtocol = innerProtocols[inner];
  const selector = { source, destination, sourcePort: 0, destinationPort: 0, upperProtocol };
  if (inner === 'v6' && !flags.link2) return { direction, selector, action: 'discard', requests: [] };
  const level = flags.link0 ? 'require' : 'unique';
  const reqid = level === 'unique' ? chooseReqid(reqidMode, unit, direction, inner) : 0;
  return { direction, selector, action: 'protect', requests: [{ protocol: 'esp', mode: 'transport', level, reqid }] };
}

/** 0: the SPD draws one. */
function chooseReqid(
  mode: ReqidMode,
  unit: number,
  direction: PolicySpec['direction'],
  inner: keyof typeof innerProtocols,
): number {
  if (mode.kind === 'sequential') return 0;
  if (mode.kind === 'fixed') return fixedReqid(mode.base, unit, inner);
  return mode.reqids[`${direction}${inner === 'v4' ? '4' : '6'}`];
}

/**
 * Both IPv4 policies of unit n use base + 2n, both IPv6 policies the number after it (net.ipsecif.use_fixed_reqid).
 * @throws {IpsecError} `INTERFACE_LIMIT` when fixed reqids end before this unit.
 */
export function fixedReqid(base: number, unit: number, inner: keyof typeof innerProtocols): number {
  const reqid = base + 2 * unit + (inner === 'v6' ? 1 : 0);
  if (reqid <= lastFixedReqid) return reqid;
  const message = `unit ${unit} is too high for fixed reqids from ${base} to ${lastFixedReqid}`;
  throw new IpsecError('INTERFACE_LIMIT', message, { field: 'name', unit });
}
