/**
 * `freebsd`: lines for /etc/rc.conf (rc.conf(5)) and /etc/ipsec.conf for FreeBSD's if_ipsec(4), which has one reqid for the
 * whole interface and wants associations in tunnel mode: `-m tunnel -u REQID`. On the wire that is the same as
 * transport mode around IP-in-IP, byte for byte.
 * @module
 */
import { addressFamily } from '#core/ip/address.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { profileToRoutes, profileToStatements } from '#core/profile/commands.ts';
import { innerAddresses } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import { printStatements } from '#core/setkey/printer.ts';
import type { AssociationStatement, KeyedAlgorithm } from '#core/setkey/syntax.ts';
import {
  headerLines,
  keyPresence,
  keysOrZeros,
  requireOuter,
  spellSuite,
  toText,
  unsupported,
  type Exporter,
} from './export-source.ts';
import { fixedReqid } from './fixed-reqid.ts';

const system = 'FreeBSD';

/** Two files below /etc. */
export const exportFreebsd: Exporter = (source) => {
  const { profile, secrets } = source;
  const outer = requireOuter(source, system);
  if (profile.flags.link0)
    throw unsupported('flags.link0', `${system}’s if_ipsec(4) has no UDP encapsulation of its own`);
  const spelling = spellSuite(profile, 'freebsd', system);
  const reqid = fixedReqid(profile, 'any');
  const statements = profileToStatements(profile, keysOrZeros(source), outer, () => reqid).map(
    (statement): AssociationStatement => ({
      ...statement,
      options: { ...statement.options, mode: 'tunnel' },
      encryption: respell(statement.encryption, spelling.encryption),
      integrity: respell(statement.integrity, spelling.integrity),
    }),
  );
  const notes = [...source.notes, ...familyNotes(profile)];
  return [
    {
      name: 'etc/rc.conf',
      text: toText([
        ...headerLines({ ...source, notes }, 'lines for /etc/rc.conf', 'none'),
        '# Where cloned_interfaces or static routes are set already, add these to them.',
        ...rcLines(profile, outer, reqid),
      ]),
      holdsKeys: false,
    },
    {
      name: 'etc/ipsec.conf',
      text:
        toText(headerLines({ ...source, notes: [] }, '/etc/ipsec.conf', keyPresence(source))) +
        printStatements(statements, { withKeys: secrets !== null }),
      holdsKeys: secrets !== null,
    },
  ];
};

function respell(algorithm: KeyedAlgorithm | null, name: string | null): KeyedAlgorithm | null {
  return algorithm === null || name === null ? null : { ...algorithm, name };
}

/** if_ipsec(4)'s policies of both families share the reqid, so one association sends for both. */
function familyNotes({ keys }: Profile): string[] {
  if (keys.pairs.length < 2) return [];
  return [
    'FreeBSD sends both inner families with one association, while the other end expects one for each: it drops the second family (NetBSD does not mind).',
  ];
}

function rcLines(profile: Profile, outer: OuterPair, reqid: number): string[] {
  const { interface: name, mtu } = profile;
  const family = addressFamily(outer.local) === 4 ? 'inet' : 'inet6';
  return [
    `cloned_interfaces="${name}"`,
    `ifconfig_${name}="${family} tunnel ${outer.local} ${outer.peer} reqid ${reqid} mtu ${mtu} up"`,
    ...addressLines(profile),
    ...routeLines(profile),
    'ipsec_enable="YES"',
    'ipsec_file="/etc/ipsec.conf"',
  ];
}

/** The first IPv6 address goes into `_ipv6`, which also allows IPv6 on the interface; all others are aliases. */
function addressLines(profile: Profile): string[] {
  const { interface: name } = profile;
  const inner = innerAddresses(profile);
  const firstIpv6 = inner.findIndex(({ address }) => addressFamily(address) === 6);
  let alias = 0;
  return inner.map(({ address, prefixLength, peer }, index) => {
    const variable = index === firstIpv6 ? `ifconfig_${name}_ipv6` : `ifconfig_${name}_alias${alias++}`;
    if (addressFamily(address) === 4)
      return `${variable}="inet ${address}/${prefixLength}${peer === null ? '' : ` ${peer}`}"`;
    return `${variable}="inet6 ${address} ${peer === null ? '' : `${peer} `}prefixlen ${prefixLength}"`;
  });
}

function routeLines(profile: Profile): string[] {
  const routes = profileToRoutes(profile).map((route, index) => ({ ...route, label: `${profile.interface}r${index}` }));
  return ([4, 6] as const).flatMap((family) => {
    const own = routes.filter((route) => route.family === family);
    const prefix = family === 4 ? '' : 'ipv6_';
    if (own.length === 0) return [];
    return [
      `${prefix}static_routes="${own.map(({ label }) => label).join(' ')}"`,
      ...own.map(
        ({ label, destination, interface: name }) =>
          `${prefix}route_${label}="${family === 4 ? '-net ' : ''}${destination} -interface ${name}"`,
      ),
    ];
  });
}
