/**
 * A profile held against the machine of this moment: its ends are looked up, and the preview and the conflicts made
 * from what was found.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { GatewayStatus } from '#core/tunnel/gateway-status.ts';
import type { ProfileView } from '#core/tunnel/profile/profile-control.ts';
import type { NameResolver } from '#core/tunnel/profile/profile-ports.ts';
import { resolveEndpoints } from '#core/tunnel/profile/resolve-endpoints.ts';
import type { HostRoute, RoutePort } from '#core/tunnel/port/route-port.ts';
import type { MachineAddress, SurveyPort } from '#core/tunnel/port/survey-port.ts';
import { findConflicts, type ProfileConflict } from './profile-conflict.ts';
import { previewProfile, type ProfilePreview } from './profile-preview.ts';

/** What it is held against. */
export type PlanSurroundings = {
  readonly status: () => GatewayStatus;
  readonly routes: { list: RoutePort['listRoutes']; find: RoutePort['findRoute'] };
  readonly survey: SurveyPort;
  readonly resolver: NameResolver;
};

type Machine = {
  readonly addresses: readonly MachineAddress[];
  readonly routes: readonly HostRoute[];
  readonly toPeer: HostRoute | null;
  readonly outerMtu: number | null;
};

/** Preview and conflicts; `id` is the profile's own where it is saved. */
export async function planProfile(
  profile: Profile,
  id: string | null,
  saved: readonly ProfileView[],
  surroundings: PlanSurroundings,
): Promise<ProfilePreview> {
  const status = surroundings.status();
  const { outer, problem } = await resolve(profile, surroundings.resolver);
  const own = saved.find((view) => view.id === id);
  const ownInterface = own?.phase === 'on' ? own.profile.interface : null;
  const machine = await look(outer, ownInterface, surroundings);
  const conflicts = findConflicts({
    ...{ profile, outer, ...machine },
    status: withoutOwn(status, ownInterface),
    otherProfiles: saved.filter((view) => view.id !== id).map((view) => view.profile),
  });
  const { usesFixedReqid, reqidBase } = status.settings;
  const preview = tryPreview(profile, outer, usesFixedReqid ? reqidBase : null);
  return { ...preview, outer, conflicts: problem === null ? conflicts : [problem, ...conflicts] };
}

const emptyPreview: Omit<ProfilePreview, 'conflicts'> = {
  ...{ outer: null, interface: [], policies: [], associations: [], routes: [], commands: [] },
};

/** What a malformed profile cannot be turned into is left out: its conflicts say why. */
function tryPreview(
  profile: Profile,
  outer: OuterPair | null,
  fixedReqidBase: number | null,
): Omit<ProfilePreview, 'conflicts'> {
  try {
    return previewProfile(profile, outer, fixedReqidBase);
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    return emptyPreview;
  }
}

async function resolve(
  profile: Profile,
  resolver: NameResolver,
): Promise<{ readonly outer: OuterPair | null; readonly problem: ProfileConflict | null }> {
  try {
    return { outer: await resolveEndpoints(profile, resolver), problem: null };
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    const field = String(error.details['field'] ?? 'peer.host');
    return { outer: null, problem: { field, message: error.message, severity: 'error' } };
  }
}

/** What the profile itself has in the machine is left out. A survey that fails leaves its part empty. */
async function look(
  outer: OuterPair | null,
  ownInterface: string | null,
  { routes, survey }: PlanSurroundings,
): Promise<Machine> {
  const [addresses, all, toPeer] = await Promise.all([
    survey.listAddresses().catch(() => []),
    routes.list().catch(() => []),
    outer === null ? null : routes.find(outer.peer).catch(() => null),
  ]);
  const device = toPeer?.interface ?? null;
  return {
    addresses: addresses.filter((address) => address.device !== ownInterface),
    routes: all.filter((route) => route.interface === null || route.interface !== ownInterface),
    toPeer,
    outerMtu: device === null ? null : await survey.mtuOf(device).catch(() => null),
  };
}

function withoutOwn(
  status: GatewayStatus,
  ownInterface: string | null,
): Pick<GatewayStatus, 'interfaces' | 'associations'> {
  if (ownInterface === null) return status;
  return {
    interfaces: status.interfaces.filter(({ name }) => name !== ownInterface),
    associations: status.associations.filter(({ interfaces }) => !interfaces.includes(ownInterface)),
  };
}
