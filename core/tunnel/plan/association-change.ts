/**
 * What is different about two associations with one name, as a plan tells it. Of keys only that they differ.
 * @module
 */
import { equalBytes } from '#core/base/bytes.ts';
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import type { Lifetime } from '#core/sad/lifetime.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import type { ValueChange } from './plan.ts';

/** The values that differ. */
export function associationChanges(before: AssociationSpec, after: AssociationSpec): ValueChange[] {
  const [old, next] = [valuesOf(before), valuesOf(after)];
  const changes = Object.keys(old)
    .filter((what) => old[what] !== next[what])
    .map((what): ValueChange => ({ what, before: old[what] ?? null, after: next[what] ?? null }));
  const isSameKeys =
    sameKey(before.encryptionKey, after.encryptionKey) && sameKey(before.integrityKey, after.integrityKey);
  return isSameKeys ? changes : [...changes, { what: 'keys', before: null, after: null }];
}

function valuesOf(spec: AssociationSpec): Record<string, string> {
  const { source, protocol, ports, natOriginal, fragmentBytes, mode, reqid, replayBytes, padding } = spec;
  const { isCyclic, hasEsn, encryption, integrity, lifetimes } = spec;
  return {
    ...{ source, protocol, mode, encryption, integrity: integrity ?? 'none' },
    ports: ports === null ? 'none' : `${ports.source} ${ports.destination}`,
    reqid: String(reqid),
    replay: String(replayBytes),
    esn: String(hasEsn),
    padding: String(padding),
    cyclic: String(isCyclic),
    natOriginal: natOriginal ?? 'none',
    fragmentBytes: String(fragmentBytes ?? 0),
    soft: lifetimeText(lifetimes.soft),
    hard: lifetimeText(lifetimes.hard),
  };
}

function lifetimeText({ addSeconds, useSeconds, bytes, packets }: Lifetime): string {
  const limits = [
    [addSeconds, 's'],
    [useSeconds, 's of use'],
    [bytes, ' bytes'],
    [packets, ' packets'],
  ] as const;
  const given = limits.filter(([value]) => value > 0).map(([value, unit]) => `${value}${unit}`);
  return given.length === 0 ? 'none' : given.join(', ');
}

function sameKey(left: KeyMaterial | null, right: KeyMaterial | null): boolean {
  if (left === null || right === null) return (left?.length ?? 0) === (right?.length ?? 0);
  return equalBytes(left.reveal(), right.reveal());
}
