/**
 * One ipsecif(4) interface: an immutable record, replaced on change. What the machine gave for it (device, counter
 * slot) is the gateway's business.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { InterfaceFlags } from './flags.ts';
import type { GeneratedPolicies } from './generated-policy.ts';
import type { InnerAddress } from './inner-address.ts';
import type { InterfaceOptions } from './interface-options.ts';
import type { OuterPair } from './outer-pair.ts';

/** An interface. `outer` and `policies` are both set or both null: a tunnel is configured or it is not. */
export type Interface = {
  readonly name: string;
  readonly unit: number;
  readonly flags: InterfaceFlags;
  readonly options: InterfaceOptions;
  readonly mtu: number;
  readonly outer: OuterPair | null;
  readonly addresses: readonly InnerAddress[];
  readonly policies: GeneratedPolicies | null;
};

/** Linux and BSD interface names have at most 15 characters, so a unit has at most ten digits; nine are plenty. */
const namePattern = /^ipsec(0|[1-9][0-9]{0,8})$/;

/** Whether this is the name of one of our interfaces, there or not. */
export function isInterfaceName(name: string): boolean {
  return namePattern.test(name);
}

/**
 * The unit N of `ipsecN`.
 * @throws {IpsecError} `INTERFACE_NAME`.
 */
export function parseInterfaceUnit(name: string): number {
  const match = namePattern.exec(name);
  if (match?.[1] === undefined) {
    throw new IpsecError('INTERFACE_NAME', `"${name.slice(0, 32)}" is not the name of an interface`, { field: 'name' });
  }
  return Number(match[1]);
}
