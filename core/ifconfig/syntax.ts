/**
 * The tree of ifconfig(8)'s language for ipsecN interfaces, and of /etc/ifconfig.ipsecN (NetBSD's ifconfig.if(5)): what
 * the parser gives, the printer takes and a gateway carries out. Plain read-only data; statements are told apart by
 * `kind`. Positions are for messages only: two trees mean the same when all but their positions is equal.
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';
import type { Position } from '#core/setkey/syntax.ts';

export type { Position };

/** Flags that a word sets and `-word` clears. */
export const userFlags = ['link0', 'link1', 'link2', 'unnumbered'] as const;

/** One of `userFlags`. */
export type UserFlag = (typeof userFlags)[number];

/** What one statement does, without where it stands. */
export type InterfaceChange =
  | { readonly kind: 'create' | 'destroy' | 'deletetunnel' }
  | { readonly kind: 'up'; readonly isUp: boolean }
  | { readonly kind: 'flag'; readonly flag: UserFlag; readonly isSet: boolean }
  | { readonly kind: 'mtu'; readonly mtu: number }
  | {
      readonly kind: 'tunnel';
      readonly local: IpAddress;
      readonly peer: IpAddress;
      /** 0 where none is written. */
      readonly localPort: number;
      readonly peerPort: number;
    }
  | {
      readonly kind: 'address';
      readonly address: IpAddress;
      readonly prefixLength: number;
      readonly peer: IpAddress | null;
    }
  | { readonly kind: 'delete'; readonly address: IpAddress };

/** One statement, with the position of its first word. */
export type IfconfigStatement = InterfaceChange & { readonly position: Position };

/** One line of a text. A comment is what follows `#`, without blanks at its end. */
export type IfconfigLine =
  | { readonly kind: 'blank'; readonly position: Position; readonly comment: string | null }
  | {
      readonly kind: 'statements';
      readonly position: Position;
      /** The interface, where the line says `ifconfig ipsecN …` or `ipsecN …`; null in /etc/ifconfig.ipsecN. */
      readonly name: string | null;
      readonly statements: readonly IfconfigStatement[];
      readonly comment: string | null;
    }
  /** `!command`: what NetBSD gives to the shell. It is kept for printing, and never run. */
  | { readonly kind: 'shell'; readonly position: Position; readonly command: string };

/** First words of statements, and the words that may follow an address. */
export const ifconfigWords = [
  ...['create', 'destroy', 'up', 'down', 'tunnel', 'deletetunnel', 'inet', 'inet6', 'alias', '-alias', 'delete', 'mtu'],
  ...userFlags,
  ...userFlags.map((flag) => `-${flag}` as const),
  ...['prefixlen', 'netmask'],
] as const;
