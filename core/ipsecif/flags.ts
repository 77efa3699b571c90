/**
 * Flags of an ipsecif(4) interface and what NetBSD's three link flags mean (if_ipsec.h).
 * @module
 */

/** The flags that a user sets. */
export type InterfaceFlags = {
  readonly isUp: boolean;
  /** An address of another interface may be used here; the tunnel itself does not care. */
  readonly unnumbered: boolean;
  /** NAT-T: UDP ports allowed, policies at level require, the outer pair may be shared. */
  readonly link0: boolean;
  /** ECN-friendly treatment of outer and inner TOS. */
  readonly link1: boolean;
  /** Inner IPv6 is carried; without it the IPv6 policies say discard. */
  readonly link2: boolean;
};

/** Flags of a fresh interface: down, and inner IPv6 on. */
export const initialFlags: InterfaceFlags = {
  isUp: false,
  unnumbered: false,
  link0: false,
  link1: false,
  link2: true,
};

/** Bit values and names as ifconfig(8) prints them, in that order (net/if.h). */
const flagBits = {
  UP: 0x1,
  POINTOPOINT: 0x10,
  UNNUMBERED: 0x20,
  RUNNING: 0x40,
  LINK0: 0x1000,
  LINK1: 0x2000,
  LINK2: 0x4000,
  MULTICAST: 0x8000,
} as const;

/** Name of a printed flag. */
export type FlagName = keyof typeof flagBits;

/** Names of the flags that are on, lowest bit first. `isRunning` is whether a tunnel is configured. */
export function flagNames(flags: InterfaceFlags, isRunning: boolean): FlagName[] {
  const isOn: Record<FlagName, boolean> = {
    UP: flags.isUp,
    POINTOPOINT: true,
    UNNUMBERED: flags.unnumbered,
    RUNNING: isRunning,
    LINK0: flags.link0,
    LINK1: flags.link1,
    LINK2: flags.link2,
    MULTICAST: true,
  };
  const names: FlagName[] = [];
  for (const name in flagBits) if (isFlagName(name) && isOn[name]) names.push(name);
  return names;
}

/** The value of `flags=` in ifconfig's output. */
export function flagsValue(flags: InterfaceFlags, isRunning: boolean): number {
  return flagNames(flags, isRunning).reduce((value, name) => value | flagBits[name], 0);
}

function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(flagBits, name);
}
