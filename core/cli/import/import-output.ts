/**
 * How an import reads: what each profile would be, and what has no place in one. No key is in it.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { ImportAnswer } from '#core/api/profile-contract.ts';
import { outer } from '#core/ifconfig/printer.ts';

/** Text of it; `names` are those that were asked for. */
export function formatImport({ profiles, unmapped }: ImportAnswer, names: readonly string[]): string {
  const lines = profiles.map((each, index) => formatProfile(each, names[index]));
  const rest = unmapped.map(({ file, line, text, why }) => {
    const place = [file, ...(line === 0 ? [] : [String(line)])].filter((word) => word !== '').join(':');
    return `  ${place}${place === '' ? '' : ': '}${text === '' ? '' : `${text}: `}${why}\n`;
  });
  return `${lines.join('')}${rest.length === 0 ? '' : `not mapped:\n${rest.join('')}`}`;
}

function formatProfile(
  { profile, hasKeys, conflict, warning }: ImportAnswer['profiles'][number],
  other?: string,
): string {
  const { local, peer, addresses, routes, keys, mtu, flags } = profile;
  const inner = addresses.map(
    ({ address, prefixLength, peer: far }) => `${address}/${prefixLength}${far === null ? '' : ` ${far}`}`,
  );
  const values = [
    ['interface', `${profile.interface}, mtu ${mtu}${flags.link0 ? ', link0' : ''}`],
    ['tunnel', `${endText(local)} ${endText(peer)}`],
    ['inner', inner.join(', ')],
    ['routes', routes.join(', ')],
    ['algorithms', `${keys.encryption}${keys.integrity === null ? '' : `, ${keys.integrity}`}`],
    [
      'spis',
      keys.pairs
        .map(({ carries, spiOut, spiIn }) => `${carries} out ${formatSpi(spiOut)} in ${formatSpi(spiIn)}`)
        .join(', '),
    ],
    ['keys', hasKeys ? 'from the files' : 'new ones are made; the other end needs them, too'],
    ['warning', warning ?? ''],
    ['conflict', other === undefined ? (conflict ?? '') : ''],
  ];
  const text = values
    .filter(([, value]) => value !== '')
    .map(([what = '', value = '']) => `  ${what.padEnd(11)}${value}\n`);
  return `+ ${other ?? profile.name}\n${text.join('')}`;
}

function endText({ host, port }: { readonly host: string; readonly port: number }): string {
  return outer(host, port);
}
