/**
 * The examples that are text: which machines each has, in which networks they are, and who pings whom. A machine's folder
 * holds `up.sh` and what that reads; the surroundings that an example's README describes are said here once more, for
 * the in-process network and for namespaces to build.
 * @module
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NamedText } from '#core/profile/import/text-kind.ts';

/** One gateway; addresses with their prefix lengths. */
export type ExampleMachine = {
  /** Its folder below the example's. */
  readonly name: string;
  /** On the wire. */
  readonly wan: readonly string[];
  /** On the network behind it. */
  readonly lan: readonly string[];
  /** Whether `wan` is on the inside of the example's NAT. */
  readonly isBehindNat?: boolean;
};

/** A ping; addresses are of machines' `lan`, which nothing but tunnels reaches. */
export type ExamplePing = { readonly from: string; readonly source: string; readonly to: string };

/** One example. */
export type TextExample = {
  /** Its folder below examples/. */
  readonly folder: string;
  readonly machines: readonly ExampleMachine[];
  /** The box between the wire and the machines behind it, with its address on either side. */
  readonly nat?: { readonly inside: string; readonly outside: string };
  readonly pings: readonly ExamplePing[];
};

/** `left` and `right` with a network of both families behind each. */
function twoEnds(folder: string, wan: readonly [string, string], networks: readonly [number, number]): TextExample {
  const machines = (['left', 'right'] as const).map((name, index) => ({
    name,
    wan: [wan[index] ?? ''],
    lan: [`192.168.${networks[index]}.1/24`, `2001:db8:${networks[index]}::1/64`],
  }));
  const [a, b] = networks;
  const pings = [
    { from: 'left', source: `192.168.${a}.1`, to: `192.168.${b}.1` },
    { from: 'right', source: `192.168.${b}.1`, to: `192.168.${a}.1` },
    { from: 'left', source: `2001:db8:${a}::1`, to: `2001:db8:${b}::1` },
    { from: 'right', source: `2001:db8:${b}::1`, to: `2001:db8:${a}::1` },
  ];
  return { folder, machines, pings };
}

const overIpv4 = ['203.0.113.1/24', '203.0.113.2/24'] as const;
const vti = twoEnds('migrate-from-linux-vti', overIpv4, [1, 2]);

/** All of them. */
export const textExamples: readonly TextExample[] = [
  twoEnds('dual-stack-over-ipv6', ['2001:db8:113::1/64', '2001:db8:113::2/64'], [100, 200]),
  {
    folder: 'two-clients-behind-one-nat',
    nat: { inside: '10.77.0.1/24', outside: '203.0.113.7/24' },
    machines: [
      { name: 'server', wan: ['203.0.113.1/24'], lan: ['192.168.100.1/24', '2001:db8:100::1/64'] },
      { name: 'client-1', wan: ['10.77.0.11/24'], lan: [], isBehindNat: true },
      { name: 'client-2', wan: ['10.77.0.12/24'], lan: [], isBehindNat: true },
    ],
    pings: [1, 2].flatMap((client) => [
      { from: `client-${client}`, source: `172.16.${client}.2`, to: '192.168.100.1' },
      { from: `client-${client}`, source: `fd00:${client}::2`, to: '2001:db8:100::1' },
      { from: 'server', source: '192.168.100.1', to: `172.16.${client}.2` },
      { from: 'server', source: '2001:db8:100::1', to: `fd00:${client}::2` },
    ]),
  },
  {
    folder: 'hub-and-three-spokes',
    machines: [
      { name: 'hub', wan: ['203.0.113.1/24'], lan: ['192.168.100.1/24', '2001:db8:100::1/64'] },
      ...[1, 2, 3].map((spoke) => ({
        name: `spoke-${spoke}`,
        wan: [`203.0.113.${10 + spoke}/24`],
        lan: [`192.168.${spoke}.1/24`, `2001:db8:${spoke}::1/64`],
      })),
    ],
    pings: [1, 2, 3].flatMap((spoke) => [
      { from: `spoke-${spoke}`, source: `192.168.${spoke}.1`, to: '192.168.100.1' },
      { from: 'hub', source: '2001:db8:100::1', to: `2001:db8:${spoke}::1` },
      { from: `spoke-${spoke}`, source: `192.168.${spoke}.1`, to: `192.168.${(spoke % 3) + 1}.1` },
      { from: `spoke-${spoke}`, source: `2001:db8:${spoke}::1`, to: `2001:db8:${(spoke % 3) + 1}::1` },
    ]),
  },
  twoEnds('migrate-from-wg-quick', overIpv4, [1, 2]),
  // As the old configuration: IPv4 inside alone.
  { ...vti, pings: vti.pings.filter(({ to }) => !to.includes(':')) },
  twoEnds('migrate-from-gif', overIpv4, [1, 2]),
];

/** What machines behind a NAT have to say before anybody finds them: a ping of each. */
export function firstWords({ machines, pings }: TextExample): ExamplePing[] {
  const hidden = machines.filter(({ isBehindNat }) => isBehindNat === true).map(({ name }) => name);
  return hidden.flatMap((name) => pings.find(({ from }) => from === name) ?? []);
}

/** Where the examples are. */
export const examplesPath = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** The folder of a machine. */
export function machinePath({ folder }: TextExample, machine: string): string {
  return join(examplesPath, folder, machine);
}

/** The `culvert` commands of a machine's up.sh, in order, without `culvert`; each is one line without quoting. */
export function upCommands(folder: string): string[][] {
  return readFileSync(join(folder, 'up.sh'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('culvert '))
    .map((line) => line.split(' ').slice(1));
}

/** What a machine is configured by: interfaces and associations. */
export function configurationFiles(folder: string): NamedText[] {
  return globSync(join(folder, '{ifconfig.ipsec*,setkey.conf}'))
    .sort()
    .map((path) => ({ name: path, text: readFileSync(path, 'utf8') }));
}

/** What it was configured by before, in a migration. */
export function oldFiles(folder: string): NamedText[] {
  return globSync(join(folder, 'old-*'))
    .sort()
    .map((path) => ({ name: basename(path), text: readFileSync(path, 'utf8') }));
}

/** Folders of examples/ in which something is a text example: those with an `up.sh` below. */
export function foldersWithText(): string[] {
  return [...new Set(globSync(join(examplesPath, '*/*/up.sh')).map((path) => basename(dirname(dirname(path)))))].sort();
}
