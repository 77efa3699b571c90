/**
 * The associations of a profile with keys by hand, as the SAD takes them: for each pair one to send on and one to
 * receive on, in transport mode around IP-in-IP, under link0 in UDP (RFC 3948).
 * @module
 */
import { paddingKinds } from '#core/crypto/transform.ts';
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { parseSpi } from '#core/sad/spi.ts';
import type { ManualKeys, Profile, SpiPair } from './profile.ts';
import { keyMaterial, type AssociationKeys, type ProfileSecrets } from './profile-secrets.ts';

/** An association, with the policy that it belongs to. */
export type ProfileAssociation = {
  readonly direction: 'in' | 'out';
  /** Inner family of the policy; under link0 `any`, for the policies of both have no reqid. */
  readonly carries: SpiPair['carries'];
  /** `reqid` is 0: the interface's policies have theirs only once it is configured. */
  readonly spec: AssociationSpec;
};

/** All associations between two addresses, for each pair the receiving one first. */
export function manualAssociations(profile: Profile, secrets: ProfileSecrets, outer: OuterPair): ProfileAssociation[] {
  return profile.keys.pairs.flatMap((pair, index): ProfileAssociation[] => {
    const keys = secrets.pairs[index];
    if (keys === undefined) return [];
    const { carries, spiIn, spiOut } = pair;
    const received = { local: outer.peer, peer: outer.local, localPort: outer.peerPort, peerPort: outer.localPort };
    return [
      { direction: 'in', carries, spec: toSpec(profile, spiIn, keys.in, received) },
      { direction: 'out', carries, spec: toSpec(profile, spiOut, keys.out, outer) },
    ];
  });
}

function toSpec({ keys, flags }: Profile, spi: number, secret: AssociationKeys, from: OuterPair): AssociationSpec {
  const { local: source, peer: destination } = from;
  return {
    ...{ source, destination, spi: parseSpi(spi) },
    protocol: flags.link0 ? 'esp-udp' : 'esp',
    ports: flags.link0 ? portsOf(from) : null,
    mode: 'transport',
    reqid: 0,
    padding: paddingKinds.sequential,
    isCyclic: true,
    ...suiteOf(keys, secret),
  };
}

function suiteOf(
  { encryption, integrity, replayBytes, hasEsn, soft, hard }: ManualKeys,
  secret: AssociationKeys,
): Pick<
  AssociationSpec,
  'encryption' | 'encryptionKey' | 'integrity' | 'integrityKey' | 'replayBytes' | 'hasEsn' | 'lifetimes'
> {
  const integrityKey = secret.integrity === null ? null : keyMaterial(secret.integrity);
  const encryptionKey = keyMaterial(secret.encryption);
  return { encryption, encryptionKey, integrity, integrityKey, replayBytes, hasEsn, lifetimes: { soft, hard } };
}

function portsOf({ localPort, peerPort }: OuterPair): { readonly source: number; readonly destination: number } {
  return { source: localPort || natTPort, destination: peerPort || natTPort };
}
