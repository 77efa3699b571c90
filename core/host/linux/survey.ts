/**
 * What Linux tells of its network: addresses by iproute2, the MTU of a device from sysfs, name servers from resolv.conf(5),
 * behind systemd-resolved's stub the real ones; and pings by the native package.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { getSystemErrorName } from 'node:util';
import { IpsecError } from '#core/base/error.ts';
import { addressBytes, addressFamily, isLoopback, parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import type { MachineAddress, PingOutcome, PingRequest, SurveyPort } from '#core/tunnel/port/survey-port.ts';
import { checkWord, runIp } from './iproute.ts';
import type { NativePackage } from './native.ts';

/** In order of preference: resolved's own list, then what every program reads. */
const resolverFiles = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];

type AddressRow = {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[];
};

/** The network of the machine that this process runs on. */
export class LinuxSurvey implements SurveyPort {
  readonly #native: Pick<NativePackage, 'ping'>;

  constructor(native: Pick<NativePackage, 'ping'>) {
    this.#native = native;
  }

  async listAddresses(): Promise<readonly MachineAddress[]> {
    const { code, stdout, stderr } = await runIp(['-json', 'address', 'show'], '');
    if (code !== 0) {
      throw new IpsecError('HOST_FAILED', `the addresses cannot be read: ${stderr.trim().slice(0, 200)}`);
    }
    const rows = (stdout.trim() === '' ? [] : JSON.parse(stdout)) as readonly AddressRow[];
    return rows.flatMap(({ ifname = '', addr_info = [] }) =>
      addr_info.flatMap(({ local, prefixlen }) =>
        local === undefined || prefixlen === undefined
          ? []
          : [{ device: ifname, address: parseIpAddress(local), prefixLength: prefixlen }],
      ),
    );
  }

  async mtuOf(device: string): Promise<number | null> {
    const text = await readOptional(`/sys/class/net/${checkWord(device)}/mtu`);
    return text === null ? null : Number(text.trim());
  }

  async dnsServers(): Promise<readonly IpAddress[]> {
    for (const file of resolverFiles) {
      const servers = nameServers((await readOptional(file)) ?? '');
      if (servers.some((address) => !isLoopback(address)) || file === resolverFiles.at(-1)) return servers;
    }
    return [];
  }

  async ping({ device, source, destination, payloadBytes, timeoutMs }: PingRequest): Promise<PingOutcome> {
    const family = addressFamily(destination);
    const ends = [addressBytes(source), addressBytes(destination)] as const;
    const result = await this.#native.ping(device, family, ...ends, payloadBytes, timeoutMs);
    if (result >= 0) return { kind: 'answered', roundTripMs: result / 1000 };
    const reason = getSystemErrorName(result);
    if (reason === 'ETIMEDOUT') return { kind: 'silent' };
    return reason === 'EMSGSIZE' ? { kind: 'tooBig' } : { kind: 'refused', reason };
  }
}

/** `nameserver` lines of resolv.conf(5); what is no address is left out. */
export function nameServers(text: string): IpAddress[] {
  const words = Array.from(text.matchAll(/^\s*nameserver\s+(\S+)/gm), ([, word]) => word ?? '');
  return words.flatMap((word) => {
    try {
      return [parseIpAddress(word)];
    } catch {
      return [];
    }
  });
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
