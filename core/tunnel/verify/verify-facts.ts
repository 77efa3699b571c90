/**
 * What the ladder of checks looks at, found out once: the interface before and after some pings, routes, addresses, and
 * what became of the pings. The checks themselves only judge.
 * @module
 */
import { addressFamily, type IpAddress } from '#core/ip/address.ts';
import type { AssociationView, GatewayStatus, InterfaceView } from '#core/tunnel/gateway-status.ts';
import type { ProfileView } from '#core/tunnel/profile/profile-control.ts';
import type { HostRoute, RoutePort } from '#core/tunnel/port/route-port.ts';
import type { MachineAddress, PingOutcome, SurveyPort } from '#core/tunnel/port/survey-port.ts';

/** What the facts come from. */
export type VerifySurroundings = {
  readonly status: () => GatewayStatus;
  readonly findRoute: RoutePort['findRoute'];
  readonly survey: SurveyPort;
};

/** A ping that was sent, or why none was. */
export type PingFact = { readonly target: IpAddress; readonly source: IpAddress; readonly outcome: PingOutcome };

/** The largest packet that passed, of those that were tried. */
export type PathFact = { readonly wanted: number; readonly largest: number };

/** Everything that the checks look at. */
export type VerifyFacts = {
  readonly profile: ProfileView | null;
  /** Null: there is no such interface. */
  readonly before: InterfaceView | null;
  readonly after: InterfaceView | null;
  readonly ownNames: ReadonlySet<string>;
  readonly associations: readonly AssociationView[];
  /** The same, before the pings, by id. */
  readonly associationsBefore: ReadonlyMap<number, AssociationView>;
  readonly addresses: readonly MachineAddress[];
  readonly toPeer: HostRoute | null;
  readonly target: IpAddress | null;
  readonly toTarget: HostRoute | null;
  readonly ping: PingFact | null;
  readonly path: PathFact | null;
};

/** So many pings are tried, each for so long. */
const attempts = 2;
const pingTimeoutMs = 700;
const probeTimeoutMs = 400;
const smallPayload = 56;
/** Sizes are told apart down to so many bytes. */
const probeStep = 32;
const headerBytes = { 4: 28, 6: 48 } as const;
const icmpHeaderBytes = 8;

/** Find out. A survey that fails leaves its facts empty. */
export async function gatherFacts(
  name: string | null,
  profile: ProfileView | null,
  target: IpAddress | null,
  { status, findRoute, survey }: VerifySurroundings,
): Promise<VerifyFacts> {
  const first = status();
  const before = first.interfaces.find((one) => one.name === name) ?? null;
  const aim = target ?? farAddress(before);
  const ping = before === null || aim === null ? null : await pingThrough(before, aim, survey);
  const path = before === null || ping === null ? null : await probePath(before, ping, survey);
  const last = status();
  const own = last.associations.filter(({ interfaces }) => interfaces.includes(name ?? ''));
  return {
    ...{ profile, before, target: aim, ping, path, associations: own },
    after: last.interfaces.find((one) => one.name === name) ?? null,
    ownNames: new Set(last.interfaces.map((one) => one.name)),
    associationsBefore: new Map(first.associations.map((association) => [association.id, association])),
    addresses: await survey.listAddresses().catch(() => []),
    toPeer: before?.tunnel == null ? null : await findRoute(before.tunnel.peer),
    toTarget: aim === null ? null : await findRoute(aim),
  };
}

/** The far end's inner address; null where only a prefix is set. */
function farAddress(view: InterfaceView | null): IpAddress | null {
  return view?.addresses.find(({ peer }) => peer !== null)?.peer ?? null;
}

async function pingThrough(view: InterfaceView, target: IpAddress, survey: SurveyPort): Promise<PingFact | null> {
  const family = addressFamily(target);
  const source = view.addresses.find(({ address }) => addressFamily(address) === family)?.address;
  if (source === undefined || !view.isUp) return null;
  let outcome: PingOutcome = { kind: 'silent' };
  for (let attempt = 0; attempt < attempts && outcome.kind === 'silent'; attempt++) {
    outcome = await send(view.name, source, target, smallPayload, pingTimeoutMs, survey);
  }
  return { target, source, outcome };
}

/** From the interface's MTU downwards, by halves. Null where not even a small one is answered. */
async function probePath({ name, mtu }: InterfaceView, ping: PingFact, survey: SurveyPort): Promise<PathFact | null> {
  if (ping.outcome.kind !== 'answered') return null;
  const header = headerBytes[addressFamily(ping.target)];
  const passes = async (bytes: number): Promise<boolean> => {
    const { source, target } = ping;
    return (await send(name, source, target, bytes - header, probeTimeoutMs, survey)).kind === 'answered';
  };
  if (await passes(mtu)) return { wanted: mtu, largest: mtu };
  let good = smallPayload + header;
  let bad = mtu;
  while (bad - good > probeStep) {
    const middle = (good + bad) >> 1;
    if (await passes(middle)) good = middle;
    else bad = middle;
  }
  return { wanted: mtu, largest: good };
}

function send(
  device: string,
  source: IpAddress,
  destination: IpAddress,
  payloadBytes: number,
  timeoutMs: number,
  survey: SurveyPort,
): Promise<PingOutcome> {
  const request = { device, source, destination, payloadBytes: Math.max(payloadBytes, icmpHeaderBytes), timeoutMs };
  return survey.ping(request);
}
