/**
 * What culvertd has around a gateway, for one of the in-process network: profiles, and what the window's screens ask.
 * Its second is one of the network's own time.
 * @module
 */
import { contractVersion } from '#core/api/contract.ts';
import { dispatch, type Caller } from '#core/api/dispatch.ts';
import { silentLog } from '#core/base/port.ts';
import type { Watched } from '#core/api/watch/watch-contract.ts';
import { FileProfileStore } from '#core/helper/profile-store.ts';
import type { ApiAnswer, HelperEvent } from '#core/helper/server.ts';
import { MemorySurvey } from '#core/host/memory/survey.ts';
import type { Side, TwoGateways } from '#core/host/memory/two-gateways.ts';
import { DesktopService } from '#core/tunnel/desktop-service.ts';
import { ProfileControl } from '#core/tunnel/profile/profile-control.ts';

const tickMs = 1000;

/** One gateway's helper. */
export class MemoryHelper {
  readonly #gateway: Side['gateway'];
  readonly #profiles: ProfileControl;
  readonly #desktop: DesktopService;

  /** Profiles are kept in `directory`. */
  constructor({ clock, random }: TwoGateways, { gateway, machine, router }: Side, directory: string) {
    const survey = new MemorySurvey(router);
    const store = new FileProfileStore(directory);
    this.#gateway = gateway;
    this.#profiles = new ProfileControl({ gateway, resolver: survey, store, clock, random, log: silentLog });
    const profiles = this.#profiles;
    gateway.configuration.holdBy(() => profiles.held());
    this.#desktop = new DesktopService({
      ...{ gateway, profiles, survey, resolver: survey, clock },
      counters: machine.counters,
    });
  }

  /** Answer one message. */
  answer(method: string, params: unknown, caller: Caller): Promise<ApiAnswer> {
    return dispatch(this.#gateway, method, params, caller, this.#profiles, this.#desktop);
  }

  /** Hear every event; gives what ends that. */
  subscribe(listener: (event: HelperEvent) => void): () => void {
    const sources = [this.#gateway, this.#profiles, this.#desktop];
    const ends = sources.map((source) => source.subscribe(listener));
    return () => ends.forEach((end) => end());
  }

  /** Everything that can be watched, as it is now. */
  read(): Watched {
    return { contractVersion, ...this.#gateway.status(), ...this.#profiles.list() };
  }

  /** From now on do what is to be done once a second, and `then` after it. */
  startTicking(clock: TwoGateways['clock'], then: () => void): void {
    clock.schedule(tickMs, () => {
      this.#profiles.tick(clock.now());
      this.#desktop.tick(clock.now());
      this.#gateway.tick(clock.now()).catch((error: unknown) => this.#gateway.reportInternalError(error));
      then();
      this.startTicking(clock, then);
    });
  }
}
