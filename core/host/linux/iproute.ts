/**
 * Addresses and routes of interfaces through iproute2: `ip -batch -` reads validated lines from its standard input, no shell is
 * involved, and what it refuses becomes an `IpsecError`.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { ErrorCode } from '#core/base/error.ts';
import { errnoOf } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Errno } from '#core/base/errno.ts';
import { addressFamily, parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import type { InnerAddress } from '#core/tunnel/port/host-port.ts';

type Refusal = { readonly text: RegExp; readonly code: ErrorCode; readonly errno: Errno };

/** What `ip` prints (strerror texts in the C locale) → our code. */
const refusals: readonly Refusal[] = [
  { text: /File exists|[Aa]ddress already assigned/, code: 'ADDRESS_EXISTS', errno: 'EEXIST' },
  { text: /Cannot assign requested address|[Aa]ddress not found/, code: 'ADDRESS_NOT_FOUND', errno: 'EADDRNOTAVAIL' },
  { text: /Operation not permitted/, code: 'HOST_DENIED', errno: 'EPERM' },
  { text: /Cannot find device|No such device/, code: 'INTERFACE_NOT_FOUND', errno: 'ENXIO' },
  { text: /IPv6 is disabled|Permission denied/, code: 'HOST_FAILED', errno: 'EACCES' },
];

/** An address in the output of `ip -json address show`; `address` is the peer's. */
export type AddressRow = { readonly local: string; readonly address?: string; readonly prefixlen: number };

/** IN6_ADDR_GEN_MODE_NONE (linux/if_link.h). */
const addressGenerationNone = '1';

/** Longest that one run of `ip` may take. */
const timeoutMs = 10_000;

/** Add an inner address; with a peer as a point-to-point address, a host route to the peer included. */
export async function addAddress(name: string, address: InnerAddress): Promise<void> {
  // Duplicate address detection has nobody to ask on a tunnel and would keep the address unusable for a second.
  const options = addressFamily(address.address) === 6 ? ' nodad' : '';
  await runBatch(`address add ${describeAddress(address)} dev ${checkWord(name)}${options}`);
}

/** The addresses of a device, as this file would have added them. */
export async function listAddresses(name: string): Promise<readonly InnerAddress[]> {
  const { code, stdout } = await runIp(['-json', 'address', 'show', 'dev', checkWord(name)], '');
  if (code !== 0) throw new IpsecError('HOST_FAILED', `the addresses of ${name} cannot be read (exit status ${code})`);
  const rows = JSON.parse(stdout) as readonly { readonly addr_info?: readonly AddressRow[] }[];
  return rows.flatMap((row) => row.addr_info ?? []).map(parseAddressRow);
}

/**
 * Put an address in the place of one with the same local part. IPv4 has both for a moment: Linux removes the IPv4 routes
 * of a device with its last address. IPv6 cannot have both, and keeps the routes.
 */
export async function replaceAddress(name: string, before: InnerAddress, after: InnerAddress): Promise<void> {
  if (describeAddress(before) === describeAddress(after)) return;
  const isIpv4 = addressFamily(after.address) === 4;
  if (isIpv4) await addAddress(name, after);
  await removeAddress(name, before);
  if (!isIpv4) await addAddress(name, after);
}

/** The address of a row. */
export function parseAddressRow({ local, address, prefixlen }: AddressRow): InnerAddress {
  const peer = address === undefined || address === local ? null : parseIpAddress(address);
  return { address: parseIpAddress(local), prefixLength: prefixlen, peer };
}

/**
 * Make the inner IPv6 addresses of a device whole that has just come up: Linux drops them when a device goes down, and
 * routes an address that was added before to itself instead of to its peer.
 */
export async function restoreAddresses(name: string, addresses: readonly InnerAddress[]): Promise<void> {
  for (const address of addresses) {
    // It may be there or not; only adding must succeed.
    await runBatch(`address delete ${describeAddress(address)} dev ${checkWord(name)}`).catch((error: unknown) => {
      if (!(error instanceof IpsecError) || error.code !== 'ADDRESS_NOT_FOUND') throw error;
    });
    await addAddress(name, address);
  }
}

/** Remove an inner address. */
export async function removeAddress(name: string, address: InnerAddress): Promise<void> {
  await runBatch(`address delete ${describeAddress(address)} dev ${checkWord(name)}`);
}

/**
 * Keep the kernel from giving the device a link-local IPv6 address of its own: ipsecif's inner addresses are what the
 * operator sets, and router solicitations into a tunnel help nobody. A kernel without IPv6 refuses, which is as good.
 */
export async function disableAddressGeneration(name: string): Promise<void> {
  if (writeAddressGeneration(checkWord(name))) return;
  try {
    await runBatch(`link set dev ${checkWord(name)} addrgenmode none`);
  } catch (error) {
    if (!(error instanceof IpsecError) || error.code !== 'HOST_FAILED') throw error;
  }
}

/** The same by the kernel's own file, which needs no program; false where it may not be written, as in some containers. */
function writeAddressGeneration(name: string): boolean {
  try {
    writeFileSync(`/proc/sys/net/ipv6/conf/${name}/addr_gen_mode`, addressGenerationNone);
    return true;
  } catch {
    return false;
  }
}

function describeAddress({ address, prefixLength, peer }: InnerAddress): string {
  if (peer === null) return `${checkAddress(address)}/${checkLength(prefixLength)}`;
  const peerLength = addressFamily(peer) === 4 ? 32 : 128;
  return `${checkAddress(address)} peer ${checkAddress(peer)}/${peerLength}`;
}

/** The name of a device. A second look at what goes into a command that runs as root; the parsers have refused all of this before. */
export function checkWord(word: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/.test(word)) throw badArgument(word);
  return word;
}

/** An address, looked at a second time. */
export function checkAddress(address: IpAddress): string {
  if (!/^[0-9A-Fa-f:.]{2,45}$/.test(address)) throw badArgument(address);
  return address;
}

/** A prefix, looked at a second time. */
export function checkPrefix(prefix: IpPrefix): string {
  const { address, length } = prefixParts(prefix);
  return `${checkAddress(address)}/${checkLength(length)}`;
}

function checkLength(length: number): number {
  if (!Number.isInteger(length) || length < 0 || length > 128) throw badArgument(String(length));
  return length;
}

function badArgument(text: string): IpsecError {
  return new IpsecError('API_BAD_PARAMS', `"${text.slice(0, 64)}" cannot be given to ip(8)`);
}

/** Run one command of `ip`. @throws {IpsecError} what `ip` refused, with its words. */
export async function runBatch(line: string): Promise<void> {
  const { code, stderr } = await runIp(['-batch', '-'], `${line}\n`);
  if (code === 0) return;
  const said = stderr.replace(/\s*Command failed -:\d+\s*/g, '').trim();
  const refusal = refusals.find(({ text }) => text.test(said));
  const message = `ip ${line}: ${said === '' ? `exit status ${code}` : said.slice(0, 200)}`;
  throw new IpsecError(refusal?.code ?? 'HOST_FAILED', message, refusal === undefined ? {} : { errno: refusal.errno });
}

/** How a run of `ip` ended. */
export type IpOutcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Run `ip` with these words and `input` on its standard input. @throws {IpsecError} `HOST_FAILED` where it cannot be run. */
export function runIp(args: readonly string[], input: string): Promise<IpOutcome> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(cannotRun(error));
    const child = startIp(args, fail);
    // Where no descriptor is left there is a child without its pipes, whose error comes a moment later.
    if (child === null) return;
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    // The program may be gone before it read its input; its exit status tells why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** The child, with whatever keeps it from running told to `fail`; null where there is none at all. */
function startIp(args: readonly string[], fail: (error: unknown) => void): ChildProcess | null {
  try {
    const env = { PATH: '/usr/sbin:/sbin:/usr/bin:/bin', LC_ALL: 'C' };
    return spawn('ip', args, { stdio: ['pipe', 'pipe', 'pipe'], env, timeout: timeoutMs }).on('error', fail);
  } catch (error) {
    fail(error);
    return null;
  }
}

function cannotRun(error: unknown): IpsecError {
  const code = errnoOf(error, 'failed');
  const what =
    code === 'ENOENT' ? 'the program ip (package iproute2) is not installed' : `the program ip cannot be run (${code})`;
  return new IpsecError('HOST_FAILED', what, {}, error);
}
