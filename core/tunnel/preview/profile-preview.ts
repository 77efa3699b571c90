/**
 * What bringing up a profile would make: its interface, policies, associations and routes, the equal commands, and what
 * collides with what is there. From the same code that brings it up; nothing is changed, and no key is told.
 * @module
 */
import { addressFamily } from '#core/ip/address.ts';
import { prefixParts } from '#core/ip/prefix.ts';
import { generatePolicies, sequentialReqids, type ReqidMode } from '#core/ipsecif/generated-policy.ts';
import { parseInterfaceUnit } from '#core/ipsecif/interface.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { profileToIfconfig, profileToRoutes, profileToStatements, type ProfileRoute } from '#core/profile/commands.ts';
import { manualAssociations } from '#core/profile/manual-associations.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { ProfileSecrets } from '#core/profile/profile-secrets.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { associationText, plannedRow, type PolicyRow } from './preview-row.ts';
import type { ProfileConflict } from './profile-conflict.ts';

/** What it would make; without outer addresses only what does not depend on them. */
export type ProfilePreview = {
  outer: OuterPair | null;
  interface: string[];
  policies: PolicyRow[];
  associations: {
    direction: 'in' | 'out';
    carries: 'ipv4' | 'ipv6' | 'any';
    spi: number;
    text: string;
    encryption: string;
    integrity: string | null;
  }[];
  routes: { destination: string; interface: string }[];
  commands: string[];
  conflicts: ProfileConflict[];
};

/** Stands for a reqid that is not drawn yet; no policy of an interface has it. */
const standingReqid = 0xffffffff;

/** The preview, conflicts left out. `fixedReqidBase` is null where reqids are drawn. */
export function previewProfile(
  profile: Profile,
  outer: OuterPair | null,
  fixedReqidBase: number | null,
): Omit<ProfilePreview, 'conflicts'> {
  const routes = profileToRoutes(profile).map(({ destination, interface: name }) => ({ destination, interface: name }));
  if (outer === null) return { outer, routes, interface: [], policies: [], associations: [], commands: [] };
  const stand = standingSecrets(profile);
  const lines = profileToIfconfig(profile, outer);
  return {
    ...{ outer, routes },
    interface: lines.map(([, ...words]) => words.join(' ')),
    policies: policiesOf(profile, outer, fixedReqidBase),
    associations: manualAssociations(profile, stand, outer).map(({ direction, carries, spec }) => ({
      ...{ direction, carries, spi: spec.spi, text: associationText(spec) },
      ...{ encryption: spec.encryption, integrity: spec.integrity },
    })),
    commands: [
      ...lines.map((words) => `culvert ifconfig ${words.join(' ')}`),
      ...statementsOf(profile, stand, outer),
      ...profileToRoutes(profile).map((route) => routeCommand(route, profile.failClosed !== 'never')),
    ],
  };
}

/** Keys of the right lengths, to stand for those that are not shown. */
export function standingSecrets(profile: Profile): ProfileSecrets {
  return generateSecrets(profile.keys, { fill: (out) => void out.fill(0) });
}

function policiesOf(profile: Profile, outer: OuterPair, fixedReqidBase: number | null): PolicyRow[] {
  const reqidMode: ReqidMode = fixedReqidBase === null ? sequentialReqids : { kind: 'fixed', base: fixedReqidBase };
  const flags = { ...profile.flags, isUp: true };
  return generatePolicies({ unit: parseInterfaceUnit(profile.interface), outer, flags, reqidMode }).map(plannedRow);
}

/**
 * One `culvert setkey -c` with all statements: `KEY` stands where a key belongs, and `REQID` for the reqid of the policy
 * that the comment names, which is drawn when the tunnel is set and is then in `culvert setkey -DP`.
 */
function statementsOf(profile: Profile, stand: ProfileSecrets, outer: OuterPair): string[] {
  const associations = manualAssociations(profile, stand, outer);
  const isUnique = !profile.flags.link0;
  const statements = profileToStatements(profile, stand, outer, () => (isUnique ? standingReqid : 0));
  const lines = statements.map((statement, index) => {
    const { direction, carries } = associations[index] ?? { direction: 'out', carries: 'any' };
    const text = printStatements([statement], { withKeys: false }).trimEnd();
    const shown = text.replace(/\(\d+-bit key\)/g, 'KEY').replace(`-u ${standingReqid}`, '-u REQID');
    return isUnique ? `${shown} # REQID: of the policy "${direction}" of ${carries}` : shown;
  });
  return ["culvert setkey -c << 'END'", ...lines, 'END'];
}

function routeCommand({ destination, interface: name }: ProfileRoute, isFailClosed: boolean): string {
  const family = addressFamily(prefixParts(destination).address) === 4 ? '-inet' : '-inet6';
  return `culvert route add ${family} ${destination} -interface ${name}${isFailClosed ? ' -failclosed' : ''}`;
}
