/**
 * Reqids of an exported profile. A file can't know which numbers a system will draw, so exports use NetBSD 10's fixed
 * ones (net.ipsecif.use_fixed_reqid, net.ipsecif.reqid_base): computed from the interface's unit, the same in
 * every format.
 * @module
 */
import { parseIpAddress } from '#core/ip/address.ts';
import { generatePolicies } from '#core/ipsecif/generated-policy.ts';
import { parseInterfaceUnit } from '#core/ipsecif/interface.ts';
import { initialSettings } from '#core/ipsecif/interface-options.ts';
import type { ReqidOf } from '#core/profile/commands.ts';
import type { Profile, SpiPair } from '#core/profile/profile.ts';
import { unsupported } from './export-source.ts';

/** With two reqids each, from NetBSD's default base on to the end of the manual range (16383). */
const lastUnit = (16383 - initialSettings.reqidBase - 1) / 2;

/** Any pair: reqids do not depend on it. */
const standIn = { local: parseIpAddress('192.0.2.1'), peer: parseIpAddress('192.0.2.2'), localPort: 0, peerPort: 0 };

/**
 * The reqid of the policies that carry an inner family, whether the profile has such policies or not.
 * @throws {IpsecError} `EXPORT_UNSUPPORTED` for a unit behind the last fixed one.
 */
export function fixedReqid(profile: Profile, carries: SpiPair['carries']): number {
  if (parseInterfaceUnit(profile.interface) > lastUnit)
    throw unsupported('interface', `${profile.interface}: fixed reqids end with unit ${lastUnit}`);
  const policies = generatePolicies({
    unit: parseInterfaceUnit(profile.interface),
    outer: standIn,
    flags: { isUp: true, unnumbered: false, link0: false, link1: false, link2: true },
    reqidMode: { kind: 'fixed', base: initialSettings.reqidBase },
  });
  return policies[carries === 'ipv6' ? 2 : 0].requests[0]?.reqid ?? 0;
}

/** What `-u` says: 0 under link0, whose policies have none (if_ipsec.c). */
export function netbsdReqids(profile: Profile): ReqidOf {
  return ({ carries }) => (carries === 'any' ? 0 : fixedReqid(profile, carries));
}
