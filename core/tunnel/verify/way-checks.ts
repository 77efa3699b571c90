/**
 * The lower rungs of the ladder: configuration, interface, source address, the way to the peer, and keys.
 * @module
 */
import { counted } from '#core/base/counted.ts';
import type { ProfileView } from '#core/tunnel/profile/profile-control.ts';
import { failed, passed, skipped, unknown, type Finding } from './check-result.ts';
import type { VerifyFacts } from './verify-facts.ts';

/** A tunnel is configured, and the profile that it belongs to is on. */
export function checkConfig({ profile, before }: VerifyFacts): Finding {
  if (profile !== null && profile.phase !== 'on') return profileFinding(profile);
  if (before === null) {
    return failed('There is no such interface.', 'Nothing can be sent.', 'Create it: culvert ifconfig ipsecN create.');
  }
  if (before.tunnel === null) {
    const remedy = `Set them: culvert ifconfig ${before.name} tunnel LOCAL PEER.`;
    return failed(`${before.name} has no outer addresses.`, 'It does not know where to send to.', remedy);
  }
  const { local, peer, localPort, peerPort } = before.tunnel;
  const ports = localPort === 0 && peerPort === 0 ? '' : `, UDP ports ${localPort} and ${peerPort}`;
  return passed(`${before.name} goes from ${local} to ${peer}${ports}.`);
}

function profileFinding({ profile, phase, problem }: ProfileView): Finding {
  const meaning = 'The tunnel is not in the machine.';
  if (problem !== null) return failed(problem.message, meaning, problem.hint);
  const remedy = phase === 'starting' ? 'Wait until it has come up.' : `Bring it up: culvert up '${profile.name}'.`;
  return failed(`The profile ${profile.name} is ${phase}.`, meaning, remedy);
}

/** The interface has its device and is up. */
export function checkInterface({ before }: VerifyFacts): Finding {
  if (before === null) return skipped('There is no interface.');
  const { name, state, isUp } = before;
  if (state === 'lost') {
    const remedy = `Destroy the interface and create it anew: culvert ifconfig ${name} destroy.`;
    return failed(`The device ${name} was deleted by another program.`, 'The tunnel is cut off.', remedy);
  }
  if (!isUp) {
    return failed(`${name} is down.`, 'What is routed into it is dropped.', `culvert ifconfig ${name} up`);
  }
  return passed(`${name} is up, its MTU is ${before.mtu}.`);
}

/** The machine has the outer source address. */
export function checkSource({ before, addresses }: VerifyFacts): Finding {
  if (before?.tunnel == null) return skipped('No outer addresses are set.');
  const { local } = before.tunnel;
  if (addresses.length === 0) return unknown('The addresses of the machine cannot be read.', '');
  const owner = addresses.find(({ address }) => address === local);
  if (owner !== undefined) return passed(`${local} is an address of ${owner.device}.`);
  const remedy = `Give the machine this address, or set the tunnel to one that it has: culvert ifconfig ${before.name} tunnel LOCAL PEER. A profile may say "auto".`;
  return failed(
    `No device of this machine has ${local}.`,
    'Packets from it do not leave, and none comes back.',
    remedy,
  );
}

/** The peer is reached outside of our tunnels. */
export function checkWay({ before, toPeer, ownNames }: VerifyFacts): Finding {
  if (before?.tunnel == null) return skipped('No outer addresses are set.');
  const { peer } = before.tunnel;
  if (toPeer === null || toPeer.interface === null) {
    const remedy = 'Check the network connection and the default route.';
    return failed(`This machine has no route to ${peer}.`, 'Nothing can reach the peer.', remedy);
  }
  const by = toPeer.gateway === null ? '' : ` by ${toPeer.gateway}`;
  if (toPeer.interface === before.name) {
    const remedy = `Add a route to ${peer} outside of the tunnel, or take the route ${toPeer.destination} away.`;
    return failed(`The route to ${peer} is ${toPeer.destination} through ${before.name} itself.`, loop, remedy);
  }
  if (ownNames.has(toPeer.interface)) {
    return unknown(`${peer} is reached through the tunnel ${toPeer.interface}.`, 'One tunnel runs inside another.');
  }
  return passed(`${peer} is reached through ${toPeer.interface}${by}.`);
}

const loop = 'The tunnel would have to run through itself.';

/** Some inner family has associations for both directions. */
export function checkKeys({ before, associations }: VerifyFacts): Finding {
  if (before?.tunnel == null) return skipped('No outer addresses are set.');
  const { local, peer } = before.tunnel;
  const usable = associations.filter(({ state }) => state === 'mature' || state === 'dying');
  const out = usable.filter(({ source }) => source === local).length;
  const back = usable.length - out;
  const evidence = `${counted(out, 'association')} to send on, ${counted(back, 'association')} to receive on.`;
  if (before.state !== 'waiting-for-keys' && out > 0 && back > 0) {
    const dying = usable.filter(({ state }) => state === 'dying').length;
    const soon = dying === 0 ? '' : ` ${dying} of them past the soft limit: replace them soon.`;
    return passed(`${evidence}${soon}`);
  }
  const missing = out === 0 ? `${local} ${peer}` : `${peer} ${local}`;
  const remedy = `Add the missing one: culvert setkey -c, "add ${missing} esp SPI -u REQID …"; culvert setkey -DP shows the reqids.`;
  return failed(evidence, 'Packets are dropped instead of being sent in the clear.', remedy);
}
