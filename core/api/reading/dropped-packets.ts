/**
 * What a whole machine dropped, by reason: of all interfaces and of none. What is rightly and silently ignored is left
 * out; a reason that this side does not know is told by its name.
 * @module
 */
import { dropReasons, type DropReasonRow } from '#core/datapath/drop-reason.ts';
import type { Status } from '../contract.ts';

/** One reason, with the interfaces it happened at; none for packets that belong to no interface. */
export type DroppedPackets = {
  readonly reason: string;
  readonly label: string;
  readonly packets: number;
  readonly interfaces: readonly string[];
};

/** Drops that are errors, the most frequent reason first. */
export function sumDroppedPackets({ interfaces, drops }: Pick<Status, 'interfaces' | 'drops'>): DroppedPackets[] {
  const found = new Map<string, { packets: number; interfaces: string[] }>();
  const add = (reason: string, packets: number, where: readonly string[]): void => {
    const known = found.get(reason) ?? { packets: 0, interfaces: [] };
    found.set(reason, { packets: known.packets + packets, interfaces: [...known.interfaces, ...where] });
  };
  for (const link of interfaces) for (const { reason, packets } of link.drops) add(reason, packets, [link.name]);
  for (const { reason, packets } of drops) add(reason, packets, []);
  return [...found]
    .filter(([reason]) => rowOf(reason)?.isError !== false)
    .map(([reason, sum]) => ({ reason, label: rowOf(reason)?.label ?? reason, ...sum }))
    .toSorted((a, b) => b.packets - a.packets);
}

function rowOf(reason: string): DropReasonRow | null {
  return Object.hasOwn(dropReasons, reason) ? dropReasons[reason as keyof typeof dropReasons] : null;
}
