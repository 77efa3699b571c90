/**
 * What another hand than the profile's has taken away of a tunnel that is up: the interface, its device, addresses, or routes into it.
 * @module
 */
import { IpsecError, toWireError, type WireError } from '#core/base/error.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';
import type { DeviceAlteration } from '#core/tunnel/event/device-watch.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import type { TunnelState } from '#core/tunnel/tunnel-state.ts';
import type { KeptProfile } from './profile-ports.ts';
import type { ProfileRun } from './profile-run.ts';

/** A profile with its life. */
type RunningProfile = { readonly kept: KeptProfile; readonly run: ProfileRun };

/** A tunnel as its profile knows it. */
export type MadeTunnel = {
  /** The profile's. */
  readonly name: string;
  readonly interface: string;
  /** Whether the interface is still the one that was made. */
  readonly isHeld: boolean;
  readonly state: TunnelState | null;
  /** What of its device is not as it was made; null for nothing. */
  readonly alteration: DeviceAlteration | null;
  /** Networks whose routes into it are gone. */
  readonly missing: readonly IpPrefix[];
};

/** The problem that this is; null for none. */
export function lossOf({ name, interface: device, isHeld, state, alteration, missing }: MadeTunnel): WireError | null {
  const lost = (what: string): WireError =>
    toWireError(new IpsecError('PROFILE_LOST', what, { name, interface: device }));
  if (!isHeld) return lost(`${device} was destroyed by hand`);
  if (state === 'lost') return lost(`the device ${device} was deleted by another program`);
  if (alteration?.isDown === true) return lost(`another program has set the device ${device} down`);
  if (isCrippled(alteration))
    return lost(`another program has removed addresses of ${device}: ${some(alteration.missing)}`);
  return missing.length === 0 ? null : lost(`another program has removed routes into ${device}: ${some(missing)}`);
}

/** Whether a device lacks what a tunnel stands on; another MTU alone carries it. */
export function isCrippled(alteration: DeviceAlteration | null): alteration is DeviceAlteration {
  return alteration !== null && (alteration.isDown || alteration.missing.length > 0);
}

/** At most three, then how many more. */
function some(all: readonly string[]): string {
  return all.length <= 3 ? all.join(', ') : `${all.slice(0, 2).join(', ')} and ${all.length - 2} more`;
}

/** Which of these networks no route leads to through the interface. */
export function missingRoutes(name: string, networks: readonly IpPrefix[], routes: readonly HostRoute[]): IpPrefix[] {
  const through = new Set(routes.filter((route) => route.interface === name).map(({ destination }) => destination));
  return networks.filter((network) => !through.has(network));
}

/** The tunnel of a profile that is up, in this state. */
export function madeTunnel({ kept, run }: RunningProfile, state: TunnelState | null): MadeTunnel {
  const { missing, alteration } = run;
  const name = { name: kept.stored.profile.name, interface: run.interfaceName ?? '' };
  return { ...name, isHeld: run.handle !== null, state, alteration, missing };
}

/** `lost` also where somebody has destroyed the interface by hand, or made another of its name since. */
export function tunnelStateOf(
  { run }: Pick<RunningProfile, 'run'>,
  states: ReadonlyMap<string, TunnelState>,
): TunnelState | null {
  if (run.state.phase !== 'on') return null;
  if (run.handle === null) return 'lost';
  return states.get(run.interfaceName ?? '') ?? 'lost';
}
