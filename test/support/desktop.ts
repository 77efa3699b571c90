/**
 * The desktop service over the in-process network: one for gateway A of the two-gateways picture, with profiles in memory.
 * @module
 */
import { buildTwoGateways, type TwoGateways } from '#core/host/memory/two-gateways.ts';
import { MemorySurvey } from '#core/host/memory/survey.ts';
import { silentLog } from '#core/base/port.ts';
import { DesktopService } from '#core/tunnel/desktop-service.ts';
import { ProfileControl } from '#core/tunnel/profile/profile-control.ts';
import { MemoryProfileStore } from './profile/fake-profiles.ts';

/** A gateway with everything that a window asks. */
export type Desktop = {
  readonly network: TwoGateways;
  readonly survey: MemorySurvey;
  readonly profiles: ProfileControl;
  readonly desktop: DesktopService;
  /** Let whole seconds pass, with the helper's tick at each. */
  readonly pass: (seconds: number) => Promise<void>;
};

/** Build it; nothing is configured. */
export function buildDesktop(network = buildTwoGateways()): Desktop {
  const { clock, random, a } = network;
  const { gateway, machine, router } = a;
  const survey = new MemorySurvey(router);
  const store = new MemoryProfileStore();
  const profiles = new ProfileControl({ gateway, resolver: survey, store, clock, random, log: silentLog });
  const desktop = new DesktopService({
    gateway,
    profiles,
    survey,
    resolver: survey,
    clock,
    counters: machine.counters,
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      profiles.tick(clock.now());
      await gateway.tick(clock.now());
      desktop.tick(clock.now());
    }
  };
  return { network, survey, profiles, desktop, pass };
}
