/**
 * An association in the words of the tools that ask for one. None of them holds a key.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { AssociationRow } from '../../state/association-row.ts';

/** The names, in the order of the menu. */
export const copyNames = ['get', 'wireshark', 'tcpdump', 'json'] as const;

/** One of `copyNames`. */
export type CopyName = (typeof copyNames)[number];

/** The text of `row` under `name`. */
export function copyText(row: AssociationRow, name: CopyName): string {
  switch (name) {
    case 'get':
      return `${setkeyStatement('get', row)}\n`;
    case 'wireshark':
      return `esp.spi == ${formatSpi(row.spi)}`;
    case 'tcpdump':
      return tcpdumpFilter(row);
    case 'json':
      return `${JSON.stringify(row.association ?? { spi: row.spi, state: row.state }, null, 2)}\n`;
  }
}

/** A statement about one association: `get` or `delete`. */
export function setkeyStatement(verb: 'get' | 'delete', row: AssociationRow): string {
  const ports = row.association?.ports ?? null;
  const source = ports === null ? row.source : `${row.source}[${ports.source}]`;
  const destination = ports === null ? row.destination : `${row.destination}[${ports.destination}]`;
  return `${verb} ${source} ${destination} ${row.protocol} ${formatSpi(row.spi)};`;
}

/** The SPI is the first word of ESP (RFC 4303 §2.1), behind the UDP header of 8 bytes where there is one (RFC 3948 §2.1). */
function tcpdumpFilter({ source, destination, spi, protocol }: AssociationRow): string {
  const ends = `src host ${source} and dst host ${destination}`;
  const isSix = source.includes(':');
  if (protocol === 'esp-udp') {
    const field = isSix ? 'ip6[48:4]' : 'udp[8:4]';
    return `${ends} and udp and ${field} = ${formatSpi(spi)}`;
  }
  return isSix
    ? `${ends} and ip6[40:4] = ${formatSpi(spi)}`
    : `${ends} and ip proto 50 and ip[20:4] = ${formatSpi(spi)}`;
}
