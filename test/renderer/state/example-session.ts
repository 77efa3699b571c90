/**
 * A machine as the window knows it: tunnels with associations in both directions.
 * @module
 */
import type { AssociationStatus, InterfaceStatus, PolicyStatus, Status } from '#core/api/contract.ts';
import { exampleStatus } from '#test/core/cli/fake-helper.ts';

const limits = { addSeconds: 0, useSeconds: 0, bytes: 0, packets: 0 };

/** An interface from 192.0.2.1 to 198.51.100.N. */
export function link(unit: number, changes: Partial<InterfaceStatus> = {}): InterfaceStatus {
  const [example] = exampleStatus.interfaces;
  if (example === undefined) throw new Error('the example has no interface');
  const tunnel = { family: 4 as const, local: '192.0.2.1', peer: `198.51.100.${unit}`, localPort: 0, peerPort: 0 };
  return { ...example, name: `ipsec${unit}`, tunnel, isUp: true, state: 'up', drops: [], ...changes };
}

/** An association of `ipsecN`; `id` names it. */
export function association(
  unit: number,
  id: number,
  direction: 'out' | 'in',
  changes: Partial<AssociationStatus> = {},
): AssociationStatus {
  const ends = ['192.0.2.1', `198.51.100.${unit}`] as const;
  const [source, destination] = direction === 'out' ? ends : [ends[1], ends[0]];
  return {
    ...{ id, source, destination, protocol: 'esp', ports: null, spi: 0x1000 + id, mode: 'transport' },
    ...{ reqid: direction === 'out' ? 2 : 1, replayBytes: 32, hasEsn: false },
    ...{ encryption: 'aes-gcm-16', encryptionKeyBits: 288, integrity: null, state: 'mature', createdMs: 1000 },
    ...{ soft: limits, hard: limits, interfaces: [`ipsec${unit}`] },
    usage: {
      ...{ packets: 0, bytes: 0, firstUsedMs: 0, lastUsedMs: 0, sequence: 0 },
      ...{ replayDrops: 0, authenticationFailures: 0, pathMtu: 0 },
    },
    ...changes,
  };
}

/** A policy that `ipsecN` made for inner packets of `upperProtocol`. */
export function policy(unit: number, spid: number, direction: 'out' | 'in', upperProtocol: number): PolicyStatus {
  const ends = ['192.0.2.1/32', `198.51.100.${unit}/32`] as const;
  const [source, destination] = direction === 'out' ? ends : [ends[1], ends[0]];
  return {
    ...{ spid, direction, source, destination, sourcePort: 0, destinationPort: 0, upperProtocol },
    ...{ action: 'protect', requests: [{ level: 'unique', reqid: direction === 'out' ? 2 : 1 }], origin: 'kernel' },
  };
}

/** A status with these parts, at `nowMs` 100 000. */
export function status(parts: Partial<Status>): Status {
  return { ...exampleStatus, nowMs: 100_000, interfaces: [], ...parts };
}

/** What `listTunnels` takes, with the helper there. */
export function connected(parts: Partial<Status>): {
  readonly status: Status;
  readonly profiles: [];
  readonly link: { readonly state: 'connected' };
} {
  return { status: status(parts), profiles: [], link: { state: 'connected' } };
}
