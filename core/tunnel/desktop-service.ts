/**
 * What the window's screens ask of a machine beyond its state: history and timeline, which it keeps, and outlooks,
 * previews and checks, which it makes on demand. It drives nothing: only pings leave the machine by it.
 * @module
 */
import type { Clock } from '#core/base/port.ts';
import { toHex } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Counters } from '#core/datapath/counters.ts';
import type { IpAddress } from '#core/ip/address.ts';
import { isInterfaceName } from '#core/ipsecif/interface.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { Gateway } from './gateway.ts';
import { historySpanRows, type HistorySpan } from './history/history-span.ts';
import { TrafficHistory, type HistoryPoint } from './history/traffic-history.ts';
import { listNetworks, lookOut, type Networks, type Outlook, type OutlookSurroundings } from './outlook.ts';
import type { InterfaceChanges, InterfacePreview } from './preview/interface-preview.ts';
import { planProfile } from './preview/profile-plan.ts';
import type { ProfilePreview } from './preview/profile-preview.ts';
import type { ProfileControl, ProfileView } from './profile/profile-control.ts';
import type { NameResolver } from './profile/profile-ports.ts';
import type { SurveyPort } from '#core/tunnel/port/survey-port.ts';
import { DropWatch } from './timeline/drop-watch.ts';
import { durationText } from './timeline/duration.ts';
import { EventNotes } from './timeline/event-notes.ts';
import { InterfaceWatch } from './timeline/interface-watch.ts';
import { Timeline, type TimelineEntry, type TimelineEvent } from './timeline/timeline.ts';
import { timelineKindRows, type ChartMark } from './timeline/timeline-kind.ts';
import type { CheckResult } from './verify/check-result.ts';
import { gatherFacts } from './verify/verify-facts.ts';
import { judge } from './verify/verify-tunnel.ts';

/** What it stands on. */
export type DesktopSurroundings = {
  readonly gateway: Gateway;
  readonly profiles: Pick<ProfileControl, 'list' | 'subscribe'>;
  readonly counters: Counters;
  readonly survey: SurveyPort;
  readonly resolver: NameResolver;
  readonly clock: Clock;
};

/** The history of an interface, with what happened meanwhile. */
export type HistoryView = {
  stepMs: number;
  points: HistoryPoint[];
  marks: { atMs: number; kind: ChartMark; text: string }[];
};

/** What a replay window has seen: bits in hex, the oldest number first. */
export type ReplayWindowBits = { id: number; size: number; lastSequence: number; bits: string };

/** Gaps shorter than this are a slow moment, not a sleep. */
const sleepMs = 10_000;

/** All of it. */
export class DesktopService {
  readonly #surroundings: DesktopSurroundings;
  readonly #history: TrafficHistory;
  readonly #timeline = new Timeline();
  readonly #interfaces = new InterfaceWatch(this.#timeline);
  readonly #drops: DropWatch;
  readonly #ends: (() => void)[];

  /** Begins to listen. */
  constructor(surroundings: DesktopSurroundings) {
    const { gateway, profiles, counters, clock } = surroundings;
    this.#surroundings = surroundings;
    this.#history = new TrafficHistory(counters);
    this.#drops = new DropWatch(this.#timeline, counters);
    this.#timeline.add('helper-started', clock.now(), null);
    const notes = new EventNotes(this.#timeline, (source, destination) => this.#interfaceBetween(source, destination));
    this.#ends = [
      gateway.subscribe((event) => notes.note(event)),
      profiles.subscribe((event) => notes.noteProfile(event)),
    ];
  }

  /**
   * Read counters and look at interfaces: once a second, or after a rest of `restedMs` in which no packet was to be
   * counted. Whether something was counted.
   */
  tick(now: number, restedMs = 0): boolean {
    const { view } = this.#surroundings.gateway;
    const { gapMs, hasCounted } = this.#history.sample(now, view.devices(), restedMs);
    if (gapMs >= sleepMs) this.#timeline.add('machine-slept', now, null, { duration: durationText(gapMs) });
    this.#interfaces.observe(view.glances(), now);
    this.#drops.observe(view.devices(), now);
    return hasCounted;
  }

  /** Listen no more. */
  close(): void {
    for (const end of this.#ends) end();
  }

  /** Hear every new entry of the timeline; gives what ends that. */
  subscribe(listener: (event: TimelineEvent) => void): () => void {
    return this.#timeline.subscribe(listener);
  }

  /** @throws {IpsecError} `INTERFACE_NOT_FOUND`. */
  history(name: string, span: HistorySpan): HistoryView {
    const found = this.#history.read(name, span);
    if (found === null && !this.#isOurs(name)) {
      throw new IpsecError('INTERFACE_NOT_FOUND', `there is no interface ${name}`, { field: 'name' });
    }
    const { stepMs, steps } = historySpanRows[span];
    const since = this.#surroundings.clock.now() - stepMs * steps;
    return { stepMs, points: found?.points ?? [], marks: this.#marks(name, since) };
  }

  /** The newest first. */
  timeline(name: string | null, limit: number): TimelineEntry[] {
    return this.#timeline.list(name, limit);
  }

  /** How this machine would reach a peer. */
  outlook(peer: string): Promise<Outlook> {
    return lookOut(peer, this.#outlookSurroundings());
  }

  /** @throws {IpsecError} `HOST_FAILED`. */
  networks(): Promise<Networks> {
    return listNetworks(this.#outlookSurroundings());
  }

  /** What the replay windows of these associations have seen; those that have none are left out. */
  async replayWindows(ids: readonly number[]): Promise<ReplayWindowBits[]> {
    const windows = await this.#surroundings.gateway.view.replayWindows(ids);
    return windows.map(({ id, size, highest, seen }) => ({ id, size, lastSequence: highest, bits: toHex(seen) }));
  }

  /** What a change would do. @throws {IpsecError} `INTERFACE_NOT_FOUND`. */
  previewInterface(name: string, changes: InterfaceChanges): Promise<InterfacePreview> {
    return this.#surroundings.gateway.view.previewInterface(name, changes);
  }

  /** What a profile would make, and what it collides with; `id`: its own, where it is saved. */
  previewProfile(profile: Profile, id: string | null): Promise<ProfilePreview> {
    const { gateway, profiles, survey, resolver } = this.#surroundings;
    const surroundings = { status: () => gateway.status(), routes: gateway.routes, survey, resolver };
    return planProfile(profile, id, profiles.list().profiles, surroundings);
  }

  /** The ladder of checks of a profile or interface. @throws {IpsecError} `PROFILE_NOT_FOUND` when it is neither. */
  async verify(name: string, target: IpAddress | null): Promise<{ interface: string | null; checks: CheckResult[] }> {
    const { gateway, survey } = this.#surroundings;
    const profile = this.#profileOf(name);
    if (profile === null && !isInterfaceName(name)) {
      const message = `"${name.slice(0, 64)}" is neither a profile nor an interface`;
      throw new IpsecError('PROFILE_NOT_FOUND', message, { field: 'name' });
    }
    const interfaceName = profile === null ? name : profile.phase === 'on' ? profile.profile.interface : null;
    const facts = await gatherFacts(interfaceName, profile, target, {
      status: () => gateway.status(),
      findRoute: (address) => gateway.routes.find(address),
      survey,
    });
    return { interface: facts.before?.name ?? null, checks: judge(facts) };
  }

  /** A profile by its name, or the one that is on with this interface. */
  #profileOf(name: string): ProfileView | null {
    const { profiles } = this.#surroundings.profiles.list();
    const wanted = name.normalize('NFC');
    const isMeant = ({ profile, phase }: ProfileView): boolean =>
      profile.name === wanted || (phase === 'on' && profile.interface === name);
    return profiles.find(isMeant) ?? null;
  }

  #marks(name: string, since: number): HistoryView['marks'] {
    const marks: HistoryView['marks'] = [];
    for (const { atMs, kind, text, interface: about } of this.#timeline.newestFirst()) {
      if (atMs < since) break;
      const { mark } = timelineKindRows[kind];
      if (about === name && mark !== null) marks.push({ atMs, kind: mark, text });
    }
    return marks.reverse();
  }

  #interfaceBetween(source: IpAddress, destination: IpAddress): string | null {
    for (const { name, outer } of this.#surroundings.gateway.view.records()) {
      if (outer === null) continue;
      const { local, peer } = outer;
      if ((local === source && peer === destination) || (local === destination && peer === source)) return name;
    }
    return null;
  }

  #isOurs(name: string): boolean {
    for (const [own] of this.#surroundings.gateway.view.devices()) if (own === name) return true;
    return false;
  }

  #outlookSurroundings(): OutlookSurroundings {
    const { gateway, survey, resolver } = this.#surroundings;
    return { routes: gateway.routes, survey, resolver, isOurs: (device) => this.#isOurs(device) };
  }
}
