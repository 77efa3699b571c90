/**
 * Which packets of a tunnel would be dropped, and why, told from its configuration alone.
 * @module
 */
import { addressFamily } from '#core/ip/address.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { Sad } from '#core/sad/sad.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';
import type { DropCause } from './plan-word.ts';
import { outboundPorts, policyReqid } from '#core/tunnel/interface-plan.ts';

/** One forecast. */
export type DropForecast = {
  readonly interface: string;
  readonly cause: DropCause;
  readonly direction: 'in' | 'out' | 'both';
  /** Inner family; null for both. */
  readonly family: 'ipv4' | 'ipv6' | null;
  /** A sentence. */
  readonly why: string;
};

/** What an interface would drop as it is configured. */
export function forecastDrops(record: Interface, sad: Sad): DropForecast[] {
  const { name, flags, outer, policies } = record;
  const whole = (cause: DropForecast['cause'], why: string): DropForecast[] => [
    { interface: name, cause, direction: 'both', family: null, why },
  ];
  if (!flags.isUp) return whole('down', `${name} is down.`);
  if (outer === null || policies === null) return whole('unconfigured', `${name} has no outer addresses.`);
  return familiesOf(record, sad, outer).flatMap((family): DropForecast[] => {
    const [outbound, inbound] = family === 'ipv4' ? [policies.out4, policies.in4] : [policies.out6, policies.in6];
    if (outbound.action !== 'protect') {
      const why = `${name} carries no inner IPv6 without link2.`;
      return [{ interface: name, cause: 'ipv6-off', direction: 'both', family, why }];
    }
    const hasOut = hasAssociation(sad, outer, outbound);
    const hasIn = hasAssociation(sad, mirrored(outer), inbound);
    return [
      ...(hasOut ? [] : [missing(name, family, 'out', outer, outbound)]),
      ...(hasIn ? [] : [missing(name, family, 'in', mirrored(outer), inbound)]),
    ];
  });
}

/** Families with inner addresses; without any, those with associations, and IPv4 where nothing says which. */
function familiesOf({ addresses, policies }: Interface, sad: Sad, outer: OuterPair): ('ipv4' | 'ipv6')[] {
  const named = new Set(addresses.map(({ address }) => (addressFamily(address) === 4 ? 'ipv4' : 'ipv6')));
  if (named.size > 0) return [...named];
  const isUsed = (out: SecurityPolicy | undefined): boolean =>
    out !== undefined && out.action === 'protect' && hasAssociation(sad, outer, out);
  const used = [
    ...(isUsed(policies?.out4) ? ['ipv4' as const] : []),
    ...(isUsed(policies?.out6) ? ['ipv6' as const] : []),
  ];
  return used.length > 0 ? used : ['ipv4'];
}

function hasAssociation(sad: Sad, outer: OuterPair, policy: SecurityPolicy): boolean {
  const reqid = policyReqid(policy);
  for (const association of sad.between(outer.local, outer.peer, outboundPorts(outer)))
    if (reqid === 0 || association.reqid === reqid) return true;
  return false;
}

function mirrored({ local, peer, localPort, peerPort }: OuterPair): OuterPair {
  return { local: peer, peer: local, localPort: peerPort, peerPort: localPort };
}

function missing(
  name: string,
  family: 'ipv4' | 'ipv6',
  direction: 'in' | 'out',
  { local, peer }: OuterPair,
  policy: SecurityPolicy,
): DropForecast {
  const reqid = policyReqid(policy);
  const label = family === 'ipv4' ? 'IPv4' : 'IPv6';
  const what = `no association from ${local} to ${peer}${reqid === 0 ? '' : ` with reqid ${reqid}`}`;
  return {
    ...{ interface: name, family, direction },
    cause: direction === 'out' ? 'nothing-to-send-on' : 'nothing-to-receive-on',
    why: `${name} ${direction === 'out' ? 'sends' : 'receives'} no inner ${label}: there is ${what}.`,
  };
}
