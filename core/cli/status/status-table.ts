/**
 * The state of the helper as a person reads it: one row a tunnel, and under it what was dropped and why.
 * @module
 */
import type { InterfaceStatus, Status } from '#core/api/contract.ts';
import { counted } from '#core/base/counted.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { outer } from '#core/ifconfig/printer.ts';
import { stateWords } from './state-words.ts';
import { formatTable } from '../text-table.ts';

/** Text of `culvert status`. */
export function formatStatus(status: Status): string {
  const { interfaces, associations, policies } = status;
  const where = status.datapath === 'native' ? 'TUN devices' : 'in-process network';
  const sums = [
    counted(interfaces.length, 'interface'),
    counted(associations.length, 'association'),
    counted(policies.length, 'policy', 'policies'),
  ].join(', ');
  const head = `culvertd ${status.helperVersion}, pid ${status.pid}, ${where}: ${sums}\n`;
  if (interfaces.length === 0)
    return `${head}\nNo interfaces. Make one with: culvert ifconfig ipsec0 create\n${strayDrops(status)}`;
  const rows = interfaces.map(interfaceRow);
  return `${head}\n${formatTable([tableHead, ...rows])}${alterationSection(status)}${dropSection(status)}${ecnSection(status)}`;
}

const tableHead = ['TUNNEL', 'STATE', 'LOCAL', 'PEER', 'SENT', 'RECEIVED', 'DROPPED'];

function interfaceRow(row: InterfaceStatus): string[] {
  const { name, state, tunnel, movedTo, counters, drops } = row;
  return [
    name,
    stateWords[state],
    tunnel === null ? '-' : outer(tunnel.local, tunnel.localPort),
    tunnel === null ? '-' : outer(movedTo?.address ?? tunnel.peer, movedTo?.port ?? tunnel.peerPort),
    traffic(counters.outputPackets, counters.outputBytes),
    traffic(counters.inputPackets, counters.inputBytes),
    String(drops.reduce((sum, drop) => sum + drop.packets, 0)),
  ];
}

/** What other programs have done to devices, and what makes them whole. */
function alterationSection({ interfaces }: Status): string {
  const lines = interfaces.flatMap(({ name, mtu, altered }) => {
    if (altered === null) return [];
    const what = [
      ...(altered.isDown ? ['set its device down'] : []),
      ...(altered.missing.length > 0 ? [`removed ${altered.missing.join(', ')}`] : []),
      ...(altered.mtu !== null ? [`set the MTU of its device to ${altered.mtu} instead of ${mtu}`] : []),
    ];
    return [
      `${name}: another program has ${what.join(', and ')}. All but routes comes back by: culvert ifconfig ${name} up\n`,
    ];
  });
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

function traffic(packets: number, bytes: number): string {
  return `${packets} / ${formatBytes(bytes)}`;
}

/** `999 B`, `1.5 KiB`, `20.0 MiB`. */
function formatBytes(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit] ?? ''}`;
}

function dropSection(status: Status): string {
  const lines = status.interfaces.flatMap(({ name, drops }) => drops.map((drop) => dropLine(name, drop)));
  const stray = status.drops.map((drop) => dropLine('-', drop));
  if (lines.length + stray.length === 0) return '';
  return `\n${formatTable([['TUNNEL', 'DROPPED', 'REASON'], ...lines, ...stray])}`;
}

function strayDrops({ drops }: Status): string {
  return drops.length === 0
    ? ''
    : `\n${formatTable([['TUNNEL', 'DROPPED', 'REASON'], ...drops.map((drop) => dropLine('-', drop))])}`;
}

function dropLine(name: string, drop: { readonly reason: string; readonly packets: number }): string[] {
  return [name, String(drop.packets), dropLabel(drop.reason)];
}

/** What congestion marks did (RFC 6040 §4.2), of tunnels that had any. Packets dropped for them are among the drops. */
function ecnSection({ interfaces }: Status): string {
  const rows = interfaces
    .filter(({ counters }) => counters.ecnCongestion + counters.ecnSuspicious > 0)
    .map(({ name, counters }) => [name, String(counters.ecnCongestion), String(counters.ecnSuspicious)]);
  return rows.length === 0 ? '' : `\n${formatTable([['TUNNEL', 'CONGESTION MARKS', 'SUSPICIOUS MARKS'], ...rows])}`;
}

/** The registry's label; the bare name for a reason of a newer helper. */
function dropLabel(reason: string): string {
  const rows: Readonly<Record<string, { readonly label: string }>> = dropReasons;
  return Object.hasOwn(rows, reason) ? (rows[reason]?.label ?? reason) : reason;
}
