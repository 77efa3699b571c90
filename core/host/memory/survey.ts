/**
 * What a host of the in-process network tells of itself, as a gateway's `SurveyPort` and `NameResolver` have it. Waiting
 * for a ping lets virtual time pass.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, type IpAddress } from '#core/ip/address.ts';
import type { NameResolver } from '#core/tunnel/profile/profile-ports.ts';
import type { MachineAddress, PingOutcome, PingRequest, SurveyPort } from '#core/tunnel/port/survey-port.ts';
import type { Host } from './host.ts';

const icmpHeaderBytes = 8;
const ipHeaderBytes = { 4: 20, 6: 40 } as const;

/** A host as it sees its own network. Names are those of `names`. */
export class MemorySurvey implements SurveyPort, NameResolver {
  readonly names = new Map<string, readonly IpAddress[]>();
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async listAddresses(): Promise<readonly MachineAddress[]> {
    return [...this.#host.interfaces()].flatMap(({ name, addresses }) =>
      addresses.map(({ address, prefixLength }) => ({ device: name, address, prefixLength })),
    );
  }

  async mtuOf(device: string): Promise<number | null> {
    return this.#host.hasInterface(device) ? this.#host.interfaceOf(device).mtu : null;
  }

  async dnsServers(): Promise<readonly IpAddress[]> {
    return [];
  }

  async ping({ device, source, destination, payloadBytes, timeoutMs }: PingRequest): Promise<PingOutcome> {
    if (!this.#host.hasInterface(device)) return { kind: 'refused', reason: 'ENODEV' };
    const { mtu } = this.#host.interfaceOf(device);
    if (payloadBytes + icmpHeaderBytes + ipHeaderBytes[addressFamily(destination)] > mtu) return { kind: 'tooBig' };
    const options = { source, payloadBytes, timeoutMs, hasDontFragment: true };
    const [roundTripMs] = this.#host.ping(destination, options).rttMs;
    return roundTripMs === undefined ? { kind: 'silent' } : { kind: 'answered', roundTripMs };
  }

  async lookup(name: string): Promise<readonly IpAddress[]> {
    const addresses = this.names.get(name);
    if (addresses !== undefined) return addresses;
    throw new IpsecError('PROFILE_UNRESOLVED', `no address was found for ${name}`, { field: 'peer.host' });
  }

  async sourceTowards(peer: IpAddress): Promise<IpAddress> {
    const source = this.#host.sourceFor(peer);
    if (source !== null) return source;
    throw new IpsecError('PROFILE_UNRESOLVED', `this machine has no route to ${peer}`);
  }
}
