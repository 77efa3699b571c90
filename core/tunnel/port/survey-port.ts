/**
 * What the machine tells about its own network, and pings: for who looks before something is changed, and after.
 * core/host/linux/survey.ts and core/host/memory/survey.ts implement it.
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';

/** An address of the machine. */
export type MachineAddress = { device: string; address: IpAddress; prefixLength: number };

/** One echo request by a device, never fragmented. */
export type PingRequest = {
  readonly device: string;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Bytes behind the ICMP header. */
  readonly payloadBytes: number;
  readonly timeoutMs: number;
};

/** What came of it; `tooBig`: larger than the device's MTU, `refused`: the system did not send it. */
export type PingOutcome =
  | { readonly kind: 'answered'; readonly roundTripMs: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'tooBig' }
  | { readonly kind: 'refused'; readonly reason: string };

/** The machine's network. Calls throw an `IpsecError` (`HOST_*`) where the machine does not tell. */
export type SurveyPort = {
  listAddresses(): Promise<readonly MachineAddress[]>;
  /** Null: there is no such device. */
  mtuOf(device: string): Promise<number | null>;
  /** Name servers that the system is set to. */
  dnsServers(): Promise<readonly IpAddress[]>;
  ping(request: PingRequest): Promise<PingOutcome>;
};
