/**
 * The flags of `culvert profile create` as a profile, and `--set PATH=VALUE` of `culvert profile edit`. Keys are no flags:
 * arguments of programs can be read by everybody on the machine.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Random } from '#core/base/port.ts';
import { encryptionRow, findEncryptionAlgorithm, findIntegrityAlgorithm } from '#core/crypto/algorithms.ts';
import { addressFamily, parseIpAddress } from '#core/ip/address.ts';
import { autoAddress } from '#core/profile/endpoint.ts';
import { generatePairs, recommendedSuite } from '#core/profile/manual-keys.ts';
import { failClosedWhen, type ProfileInput } from '#core/profile/profile.ts';

/** What commander gives for `profile create`. */
export type CreateFlags = {
  readonly file?: string;
  readonly json?: boolean;
  readonly local?: string;
  readonly peer?: string;
  readonly interface?: string;
  readonly address?: readonly string[];
  readonly route?: readonly string[];
  readonly network?: readonly string[];
  readonly mtu?: string;
  readonly link0?: boolean;
  readonly link1?: boolean;
  readonly link2: boolean;
  readonly encryption?: string;
  readonly integrity?: string;
  readonly replay?: string;
  readonly esn?: boolean;
  readonly lifetime?: string;
  readonly upAtStart?: boolean;
  readonly failClosed?: string;
  readonly description?: string;
};

/** What the flags are completed with. */
export type FlagSurroundings = {
  readonly random: Random;
  /** Whether an association has this SPI. */
  readonly isSpiUsed: (spi: number) => boolean;
  /** Names of interfaces that are there, or that profiles have. */
  readonly interfaces: ReadonlySet<string>;
};

/** The profile that the flags describe. @throws {IpsecError} `PROFILE_USAGE`, `ALGORITHM_UNKNOWN`, `ADDRESS_SYNTAX`. */
export function profileFromFlags(name: string, flags: CreateFlags, surroundings: FlagSurroundings): ProfileInput {
  if (flags.peer === undefined) usage('give the other end with --peer, or a profile with --file');
  const links = { link0: flags.link0 === true, link1: flags.link1 === true, link2: flags.link2 };
  return {
    name,
    description: flags.description ?? '',
    interface: flags.interface ?? freeInterface(surroundings.interfaces),
    local: endpoint(flags.local ?? autoAddress),
    peer: endpoint(flags.peer),
    flags: links,
    ...(flags.mtu === undefined ? {} : { mtu: wholeNumber('--mtu', flags.mtu) }),
    addresses: (flags.address ?? []).map(innerAddress),
    routes: [...(flags.route ?? [])],
    networks: [...(flags.network ?? [])],
    keys: {
      kind: 'manual',
      ...suite(flags),
      pairs: generatePairs(links, surroundings.random, surroundings.isSpiUsed),
      replayBytes: flags.replay === undefined ? 0 : wholeNumber('--replay', flags.replay),
      hasEsn: flags.esn === true,
      ...lifetimes(flags.lifetime),
    },
    startup: flags.upAtStart === true ? 'up' : 'manual',
    ...(flags.failClosed === undefined ? {} : { failClosed: failClosed(flags.failClosed) }),
  };
}

/**
 * A document with the value at a dotted path replaced: `peer.host=vpn.example.com`, `routes.0=10.0.0.0/8`, `mtu=1400`.
 * The value is JSON where it reads as JSON, else text. @throws {IpsecError} `PROFILE_USAGE`.
 */
export function assign(document: unknown, assignment: string): unknown {
  const equals = assignment.indexOf('=');
  const path = assignment.slice(0, Math.max(0, equals)).split('.');
  if (equals < 1 || path.some((step) => step === '')) usage(`"${assignment.slice(0, 64)}" is not PATH=VALUE`);
  return replaceAt(document, path, parseValue(assignment.slice(equals + 1)), path.join('.'));
}

function replaceAt(document: unknown, path: readonly string[], value: unknown, whole: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(document)) {
    const items: readonly unknown[] = document;
    const index = Number(step);
    if (!/^[0-9]+$/.test(step) || index > items.length) usage(`${whole}: there is no ${step}`);
    const replaced = replaceAt(items[index], rest, value, whole);
    return [...items.slice(0, index), replaced, ...items.slice(index + 1)];
  }
  if (typeof document !== 'object' || document === null) usage(`${whole}: there is no ${step}`);
  const known = Object.hasOwn(document, step) ? (document as Readonly<Record<string, unknown>>)[step] : undefined;
  // A spread and a computed key: a step called __proto__ becomes a field like any other.
  return Object.fromEntries([...Object.entries(document), [step, replaceAt(known, rest, value, whole)]]);
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function suite({ encryption, integrity }: CreateFlags): Pick<ProfileInput['keys'], 'encryption' | 'integrity'> {
  if (encryption === undefined && integrity === undefined) return recommendedSuite;
  const cipher = findEncryptionAlgorithm(encryption ?? recommendedSuite.encryption) ?? unknown(encryption);
  if (integrity === undefined) {
    return { encryption: cipher, integrity: encryptionRow(cipher).kind === 'aead' ? null : recommendedSuite.integrity };
  }
  return {
    encryption: cipher,
    integrity: integrity === 'none' ? null : (findIntegrityAlgorithm(integrity) ?? unknown(integrity)),
  };
}

function unknown(name = ''): never {
  throw new IpsecError('ALGORITHM_UNKNOWN', `unknown algorithm ${name.slice(0, 64)}`, { field: 'keys' });
}

function failClosed(text: string): NonNullable<ProfileInput['failClosed']> {
  return failClosedWhen.find((when) => when === text) ?? usage(`--fail-closed takes ${failClosedWhen.join(', ')}`);
}

/** `SOFT,HARD` in seconds. */
function lifetimes(text: string | undefined): Pick<ProfileInput['keys'], 'soft' | 'hard'> {
  if (text === undefined) return {};
  const [soft = '', hard = '', ...rest] = text.split(',');
  if (rest.length > 0 || hard === '') usage('--lifetime takes SOFT,HARD in seconds');
  return {
    soft: { addSeconds: wholeNumber('--lifetime', soft) },
    hard: { addSeconds: wholeNumber('--lifetime', hard) },
  };
}

/** `HOST[,port]`, as ifconfig's tunnel takes it. */
function endpoint(text: string): ProfileInput['local'] {
  const [host = '', port, ...rest] = text.split(',');
  if (rest.length > 0) usage(`"${text.slice(0, 64)}" is not HOST[,PORT]`);
  return port === undefined ? { host } : { host, port: wholeNumber('the port', port) };
}

/** `A[/LEN][,PEER]`. */
function innerAddress(text: string): { address: string; prefixLength: number; peer: string | null } {
  const [own = '', peer, ...rest] = text.split(',');
  const [address = '', length, ...more] = own.split('/');
  if (rest.length > 0 || more.length > 0) usage(`"${text.slice(0, 64)}" is not ADDRESS[/LENGTH][,PEER]`);
  const longest = addressFamily(parseIpAddress(address)) === 4 ? 32 : 128;
  const prefixLength = length === undefined ? longest : wholeNumber('the prefix length', length);
  return { address, prefixLength, peer: peer ?? null };
}

function freeInterface(taken: ReadonlySet<string>): string {
  let unit = 0;
  while (taken.has(`ipsec${unit}`)) unit++;
  return `ipsec${unit}`;
}

function wholeNumber(what: string, text: string): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  return usage(`${what} takes a number, not "${text.slice(0, 32)}"`);
}

function usage(message: string): never {
  throw new IpsecError('PROFILE_USAGE', message);
}
