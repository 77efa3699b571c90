/**
 * Who follows single packets through the inbound loop: a capture's decrypter does, a gateway does not.
 * @module
 */
import type { SnapshotAssociation } from '#core/datapath/snapshot.ts';

/** Hears what becomes of packets, one call a fact: what is written to a device was accepted. */
export type InboundObserver = {
  /** Stage 4 begins: the packet's association, and its whole sequence number, or `noSequence`. Again after a resynchronisation. */
  found(association: SnapshotAssociation, sequence: number): void;
  /** It was dropped, under the number of a reason. */
  dropped(reason: number): void;
};
