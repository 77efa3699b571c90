/**
 * What a change of an interface's flags, tunnel or MTU would do, without doing it.
 * @module
 */
import type { InterfaceFlags } from '#core/ipsecif/flags.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';

/** What is to be changed; `tunnel: null` takes the outer addresses away. */
export type InterfaceChanges = {
  readonly flags: Partial<InterfaceFlags>;
  readonly mtu?: number;
  readonly tunnel?: OuterPair | null;
};
