/**
 * The upper rungs of the ladder: what leaves, what is heard, whether it is authentic, the inner route, a ping, and the
 * largest packet that passes.
 * @module
 */
import { counted } from '#core/base/counted.ts';
import { dropReasons, type DropReasonName } from '#core/datapath/drop-reason.ts';
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import { addressFamily } from '#core/ip/address.ts';
import type { InterfaceView } from '#core/tunnel/gateway-status.ts';
import { failed, passed, skipped, unknown, type Finding } from './check-result.ts';
import type { VerifyFacts } from './verify-facts.ts';

/** Packets leave, as far as this machine can tell. */
export function checkSent({ before, after, ping }: VerifyFacts): Finding {
  if (before === null || after === null) return skipped('There is no interface.');
  const sent = after.counters.outputPackets - before.counters.outputPackets;
  const total = `${counted(after.counters.outputPackets, 'packet')} sent in all`;
  if (sent > 0) return passed(`${sent} sent during this check, ${total}.`);
  const lost = dropsSince(before, after, 'outbound');
  if (lost.length > 0) {
    return failed(`Dropped before they left: ${lost.join(', ')}.`, 'Nothing reaches the peer.', outboundRemedy(lost));
  }
  if (ping?.outcome.kind === 'refused') {
    const remedy = 'The message names what the operating system refused.';
    return failed(`The system refused the ping (${ping.outcome.reason}).`, 'Nothing reaches the peer.', remedy);
  }
  if (ping !== null) {
    const remedy = 'Look for a firewall of this machine that drops what goes out by the interface.';
    return failed('A ping was handed over, and no packet left.', 'Nothing reaches the peer.', remedy);
  }
  return after.counters.outputPackets > 0 ? passed(`${total}.`) : unknown('Nothing was sent yet.', 'Nobody used it.');
}

/** Something comes back from the peer, or an ICMP error tells why not. */
export function checkHeard(facts: VerifyFacts): Finding {
  const { before, after } = facts;
  if (before === null || after === null) return skipped('There is no interface.');
  const heard = after.counters.inputPackets - before.counters.inputPackets;
  const rejected = dropsSince(before, after, 'inbound');
  if (heard > 0) return passed(`${counted(heard, 'packet')} came during this check.`);
  if (failuresSince(facts) > 0 || rejected.length > 0) {
    return passed(`Packets came and were dropped: ${rejected.join(', ') || 'integrity check failed'}.`);
  }
  const total = after.counters.inputPackets;
  if (facts.ping === null && total > 0)
    return passed(`${counted(total, 'packet')} came so far; nothing was sent to be answered now.`);
  return silence(facts, before, after);
}

function silence(facts: VerifyFacts, before: InterfaceView, after: InterfaceView): Finding {
  const total = after.counters.inputPackets;
  const past = total > 0 ? `, ${counted(total, 'packet')} in all before` : '';
  const peer = after.tunnel?.peer ?? 'the peer';
  const port = after.link0 ? `UDP port ${after.tunnel?.peerPort || natTPort}` : 'IP protocol 50 (ESP)';
  const same = `link0 (ESP in UDP) ${after.link0 ? 'on' : 'off'} as here`;
  const evidence = `Nothing was heard${past}. ${icmpText(facts)}`;
  if (icmpCount(after) > icmpCount(before)) {
    const meaning = `ICMP errors answer our packets: ${peer}, or a router on the way, gets them and does not want them.`;
    const remedy = `Bring the other end up with this pair of addresses and ${same}, and let ${port} through at ${peer} and on the way.`;
    return failed(evidence, meaning, remedy);
  }
  const remedy = `See that ${peer} is right, that the other end is configured and up, with ${same}, and that firewalls on the way let ${port} through both ways.`;
  return failed(evidence, 'The peer does not get our packets, or its answers are lost.', remedy);
}

/** What comes passes the integrity check. */
export function checkAuthentic(facts: VerifyFacts): Finding {
  const { before, after } = facts;
  if (before === null || after === null) return skipped('There is no interface.');
  const heard = after.counters.inputPackets - before.counters.inputPackets;
  const failures = failuresSince(facts);
  if (failures > 0 && heard === 0) {
    const remedy =
      'Compare the keys and algorithms of both ends, direction by direction: what one sends with, the other receives with.';
    return failed(
      `${counted(failures, 'packet')} failed the integrity check.`,
      'The keys of the two ends differ.',
      remedy,
    );
  }
  const rejected = dropsSince(before, after, 'inbound');
  if (heard === 0 && rejected.length > 0) {
    const remedy =
      'Compare SPIs, UDP encapsulation (link0) and inner addresses of both ends; after a restart of the peer both need new keys.';
    return failed(
      `Packets were dropped: ${rejected.join(', ')}.`,
      'What the peer sends does not fit this end.',
      remedy,
    );
  }
  if (heard > 0)
    return passed(`${counted(heard, 'authentic packet')}${failures > 0 ? `, ${failures} forged or damaged` : ''}.`);
  if (after.counters.inputPackets > 0)
    return passed(`${counted(after.counters.inputPackets, 'authentic packet')} so far.`);
  return skipped('Nothing was heard.');
}

/** The way to the far network leads into the tunnel. */
export function checkInnerRoute({ before, target, toTarget }: VerifyFacts): Finding {
  if (before === null) return skipped('There is no interface.');
  if (target === null) return skipped('No inner address of the far end is known: name one to check.');
  if (toTarget?.interface === before.name) return passed(`${target} is routed into ${before.name}.`);
  const evidence =
    toTarget?.interface == null ? `There is no route to ${target}.` : `${target} is routed into ${toTarget.interface}.`;
  const remedy = `culvert route add ${target} -interface ${before.name}, or the whole network of the far end.`;
  return failed(evidence, 'Traffic for the far end takes another way, perhaps in the clear.', remedy);
}

/** A ping through the tunnel is answered. */
export function checkPing(facts: VerifyFacts): Finding {
  const { before, after, target, ping } = facts;
  if (before === null) return skipped('There is no interface.');
  if (target === null) return skipped('No inner address of the far end is known: name one to ping.');
  if (ping === null) {
    const family = addressFamily(target);
    if (!before.isUp) return skipped(`${before.name} is down.`);
    const remedy = `Give ${before.name} an inner IPv${family} address.`;
    return failed(
      `${before.name} has no inner IPv${family} address to ping from.`,
      'Answers would have nowhere to go.',
      remedy,
    );
  }
  const { outcome, source } = ping;
  if (outcome.kind === 'answered') return passed(`${target} answered within ${outcome.roundTripMs.toFixed(1)} ms.`);
  if (outcome.kind !== 'silent')
    return failed(`The ping was not sent (${outcome.kind}).`, 'The tunnel cannot be used.', '');
  const heard = after !== null && after.counters.inputPackets > before.counters.inputPackets;
  const evidence = `${target} did not answer a ping from ${source}.`;
  if (!heard)
    return failed(evidence, 'The tunnel carries nothing back.', 'The first failed check above says where it stops.');
  const remedy = `See that ${target} exists, answers pings, and has a route back to ${source} through its own tunnel.`;
  return failed(evidence, 'The tunnel works, and something behind its far end does not answer.', remedy);
}

/** A packet as long as the interface's MTU passes. */
export function checkPathMtu({ before, path }: VerifyFacts): Finding {
  if (before === null || path === null) return skipped('No ping was answered.');
  if (path.largest === path.wanted) return passed(`A packet of ${path.wanted} bytes passed.`);
  const meaning = 'Small packets pass and large ones are lost: connections open and then hang.';
  const remedy = `culvert ifconfig ${before.name} mtu ${path.largest}, at both ends; or see that ICMP "too big" is let through on the way.`;
  return failed(`${path.wanted} bytes are lost, ${path.largest} pass.`, meaning, remedy);
}

function failuresSince({ associations, associationsBefore }: VerifyFacts): number {
  return associations.reduce((sum, { id, usage }) => {
    const before = associationsBefore.get(id)?.usage.authenticationFailures ?? 0;
    return sum + usage.authenticationFailures - before;
  }, 0);
}

/** Errors of one direction that happened in between, in words: `no association for this SPI (3)`. */
function dropsSince(before: InterfaceView, after: InterfaceView, direction: 'inbound' | 'outbound'): string[] {
  const former = new Map(before.drops.map(({ reason, packets }) => [reason, packets]));
  return after.drops.flatMap(({ reason, packets }) => {
    const row = dropReasons[reason];
    const since = packets - (former.get(reason) ?? 0);
    return row.isError && row.direction === direction && since > 0 ? [`${row.label} (${since})`] : [];
  });
}

function outboundRemedy(lost: readonly string[]): string {
  const reasons = lost.join(' ');
  if (reasons.includes(dropReasons.outNoSa.label)) return 'Add associations for the direction out, or replace them.';
  if (reasons.includes(dropReasons.outRouteLoop.label)) return 'Route the peer outside of the tunnel.';
  return 'The reason says what to change.';
}

/** What is counted of ICMP errors, with words for behind `2 ICMP errors`. */
const icmpWords: Readonly<Partial<Record<DropReasonName, string>>> = {
  icmpTaken: 'about our packets',
  icmpRefused: 'of a type that is switched off',
  icmpForged: 'about no recent packet of ours',
};

function icmpCount({ drops }: InterfaceView): number {
  return drops.reduce((sum, { reason, packets }) => (icmpWords[reason] === undefined ? sum : sum + packets), 0);
}

/** ICMP errors about what this interface sent, since it is there. */
function icmpText({ after, associations }: VerifyFacts): string {
  const told = (after?.drops ?? []).flatMap(({ reason, packets }) => {
    const words = icmpWords[reason];
    return words === undefined ? [] : [`${counted(packets, 'ICMP error')} ${words}`];
  });
  const mtus = associations.map(({ usage }) => usage.pathMtu).filter((mtu) => mtu > 0);
  const mtu = mtus.length === 0 ? '' : ` The last that was heeded told of an MTU of ${Math.min(...mtus)}.`;
  if (told.length === 0) return `No ICMP error came about its packets.${mtu}`;
  return `Since the interface is there came ${told.join(', ')}.${mtu}`;
}
