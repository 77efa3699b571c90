/**
 * What a gateway does about what the datapath reports: tells it, logs it, reserves IVs, follows a peer.
 * @module
 */
import { assertNever } from '#core/base/invariant.ts';
import type { Log } from '#core/base/port.ts';
import type { DatapathEvent } from '#core/datapath/snapshot.ts';
import { addressFamily, formatAddress } from '#core/ip/address.ts';
import type { InterfaceLifecycle } from '#core/tunnel/command/interface-lifecycle.ts';
import type { Deployment } from '#core/tunnel/deployment.ts';
import type { Transaction } from '#core/tunnel/transaction.ts';
import type { EventSource } from './event-source.ts';

/** What it stands on. */
export type ListenerSurroundings = {
  readonly events: EventSource;
  readonly deployment: Deployment;
  readonly interfaces: InterfaceLifecycle;
  readonly log: Log;
  /** Run a command of the gateway. */
  readonly change: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
};

/** Act on one event. */
export function handleDatapathEvent(event: DatapathEvent, surroundings: ListenerSurroundings): void {
  const { events, deployment, interfaces, log, change } = surroundings;
  switch (event.kind) {
    case 'applied':
      return;
    case 'acquire':
      return events.acquire(event);
    case 'audit':
      return events.audited(event);
    case 'iv-needed':
      change(async () => deployment.reserveMoreIvs(event.association)).catch((error: unknown) =>
        log.error('no more IVs could be reserved', { association: event.association, error }),
      );
      return;
    case 'exhausted':
      return log.error('association refuses to send', { association: event.association, reason: event.reason });
    case 'device-gone':
      return interfaces.noteLost(event.tun);
    case 'peer-moved':
      return follow(event, surroundings);
    case 'log':
      return log.info(event.message);
    default:
      return assertNever(event);
  }
}

function follow(
  { interfaceSlot, peer }: DatapathEvent & { kind: 'peer-moved' },
  { change, deployment, interfaces, log }: ListenerSurroundings,
): void {
  change(async (transaction) => {
    const record = interfaces.interfaceOf(interfaceSlot);
    if (record?.outer == null || !deployment.peers.follow(record, peer)) return;
    const address = formatAddress(peer.address, 0, addressFamily(record.outer.peer));
    transaction.onCommit(() => log.info('a peer has moved', { interface: record.name, address, port: peer.port }));
  }).catch((error: unknown) => log.error('a peer could not be followed', { error }));
}
