/**
 * Reads what the datapath has counted for an association.
 * @module
 */
import { AssociationCell, type Counters } from '#core/datapath/counters.ts';
import { mtuOfCell } from '#core/datapath/path-mtu.ts';
import type { AssociationUsage } from '#core/sad/security-association.ts';

/** The use of the association that owns `slot`. */
export function readUsage(counters: Counters, slot: number): AssociationUsage {
  const base = counters.commonBase(slot);
  const cell = (index: number): number => counters.cells[base + index]!;
  return {
    packets: cell(AssociationCell.packets),
    bytes: cell(AssociationCell.bytes),
    firstUsedMs: cell(AssociationCell.firstUsedMs),
    lastUsedMs: cell(AssociationCell.lastUsedMs),
    sequence: cell(AssociationCell.sequence),
    replayDrops: cell(AssociationCell.replayDrops),
    authenticationFailures: cell(AssociationCell.authenticationFailures),
    pathMtu: mtuOfCell(cell(AssociationCell.pathMtu)),
  };
}
