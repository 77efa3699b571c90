/**
 * The steps from a machine as it is to one as it should be, in an order in which each of them is allowed. What is as it
 * should be has no step, so nothing touches it: its associations keep their sequence numbers, IVs and windows.
 * @module
 */
import type { IpPrefix } from '#core/ip/prefix.ts';
import type { InterfaceFlags } from '#core/ipsecif/flags.ts';
import type { GeneratedReqids } from '#core/ipsecif/generated-policy.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import type { InterfaceOptions } from '#core/ipsecif/interface-options.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';
import type { DeclaredAt, DesiredAssociation, DesiredPolicy } from './desired-state.ts';

/** What one step does. */
export type StepAction =
  | { readonly kind: 'removeInterface' | 'createInterface' | 'deleteTunnel'; readonly name: string }
  | { readonly kind: 'setFlags'; readonly name: string; readonly flags: Partial<InterfaceFlags> }
  | { readonly kind: 'setOptions'; readonly name: string; readonly options: InterfaceOptions }
  | { readonly kind: 'setMtu'; readonly name: string; readonly mtu: number }
  | {
      readonly kind: 'setTunnel';
      readonly name: string;
      readonly outer: OuterPair;
      readonly reqids: GeneratedReqids | null;
    }
  | { readonly kind: 'addAddress' | 'removeAddress'; readonly name: string; readonly inner: InnerAddress }
  | { readonly kind: 'addRoute'; readonly name: string; readonly destination: IpPrefix }
  | { readonly kind: 'removeAssociation'; readonly association: SecurityAssociation }
  | { readonly kind: 'addAssociation' | 'updateAssociation'; readonly desired: DesiredAssociation }
  | { readonly kind: 'removePolicy'; readonly policy: SecurityPolicy }
  | { readonly kind: 'addPolicy'; readonly desired: DesiredPolicy };

/** One step, and the place in the files that asks for it; null where it follows from what they leave out. */
export type Step = StepAction & { readonly at: DeclaredAt | null };
