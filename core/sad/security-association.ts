/**
 * A security association as the SAD keeps it (RFC 4301 §4.4.2.1, PF_KEY's sadb_sa).
 * Sequence numbers and replay windows are not here: they belong to the datapath workers.
 * @module
 */
import type { EncryptionAlgorithmName, IntegrityAlgorithmName } from '#core/crypto/algorithms.ts';
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import type { PaddingKind } from '#core/crypto/transform.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';
import type { Lifetimes } from './lifetime.ts';
import type { Spi } from './spi.ts';

/** PF_KEY's states; only mature and dying carry packets. */
export type AssociationState = 'larval' | 'mature' | 'dying' | 'dead';

/** IPsec protocols that setkey names and Culvert carries. */
export type AssociationProtocol = 'esp' | 'esp-udp';

/** setkey's `-m`. ipsecif's policies are transport around IP-in-IP; `any` and `tunnel` fit them too (key.c: a mode of any matches every policy; if_ipsec.c in FreeBSD uses tunnel). */
export type AssociationMode = 'transport' | 'tunnel' | 'any';

/** Inner packets that an association may carry, by address (RFC 4301 §4.4.1.1). Both prefixes are of one IP version. */
export type InnerSelector = { readonly source: IpPrefix; readonly destination: IpPrefix };

/** What a caller gives to add an association. */
export type AssociationSpec = {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: AssociationProtocol;
  /** UDP ports of `esp-udp`; 4500 where setkey text leaves them out. Null for `esp`. */
  readonly ports: { readonly source: number; readonly destination: number } | null;
  /** Address of the peer behind its NAT (setkey's `esp-udp ADDRESS`, RFC 3948 §3.1.2). Kept for dumps; tunnels have no use for it. */
  readonly natOriginal?: IpAddress;
  /** `esp-udp`, setkey's `-esp_frag`: inner packets that are larger than this with an outer IP header are cut before ESP. Left out: none. */
  readonly fragmentBytes?: number;
  readonly spi: Spi;
  readonly mode: AssociationMode;
  /** setkey's `-u`; 0 for none. */
  readonly reqid: number;
  /** setkey's `-r`, bytes of bitmap: window of 8 packets each; 0 turns the check off. Up to 8192; in NetBSD up to 255. */
  readonly replayBytes: number;
  readonly padding: PaddingKind;
  /** setkey's default is cyclic (flag 0x40); `-f nocyclic-seq` clears it. Kept for dumps: Culvert never wraps. */
  readonly isCyclic: boolean;
  readonly hasEsn: boolean;
  readonly encryption: EncryptionAlgorithmName;
  /** Cipher key with the salt at its end where the row has one. */
  readonly encryptionKey: KeyMaterial;
  readonly integrity: IntegrityAlgorithmName | null;
  readonly integrityKey: KeyMaterial | null;
  readonly lifetimes: Lifetimes;
  /** Inbound: what the peer may send (RFC 4301 §5.2 step 4). Left out: whatever is routed; setkey cannot say it. */
  readonly selectors?: readonly InnerSelector[];
};

/** An association in the SAD. */
export type SecurityAssociation = AssociationSpec & {
  /** Never used twice in one process; rises with age, so "newest" is the highest. */
  readonly id: number;
  /** Index of its datapath counters. */
  readonly slot: number;
  readonly state: AssociationState;
  readonly createdMs: number;
  /** Who added it, as in PF_KEY's sadb_msg_pid; 0 when unknown. */
  readonly pid: number;
};

/** What the datapath knows of an association's use; read from shared counters. */
export type AssociationUsage = {
  readonly packets: number;
  readonly bytes: number;
  /** 0: never. */
  readonly firstUsedMs: number;
  readonly lastUsedMs: number;
  readonly sequence: number;
  readonly replayDrops: number;
  readonly authenticationFailures: number;
  /** Outbound: the MTU that ICMP last told of the path (RFC 4301 §4.4.2.1), heeded until it is too old; 0 for none. */
  readonly pathMtu: number;
};

/** Of an association that was never used. */
export const neverUsed: AssociationUsage = {
  packets: 0,
  bytes: 0,
  firstUsedMs: 0,
  lastUsedMs: 0,
  sequence: 0,
  replayDrops: 0,
  authenticationFailures: 0,
  pathMtu: 0,
};
