/**
 * What the suite needs of a router, whatever it is made of: the `culvert` command, a few words of its network stack,
 * and pings. Steps that must succeed are asserted here.
 * @module
 */
import assert from 'node:assert/strict';
import type { RouterAddresses } from './addresses.ts';

/** How a command ended. */
export type CommandOutput = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** One router. */
export type Router = {
  readonly addresses: RouterAddresses;
  /** Run `culvert WORDS…` with `input` on standard input. */
  culvert(words: readonly string[], input?: string): Promise<CommandOutput>;
  /** Route a prefix into the tunnel whose own address this is: `route add -net PREFIX OWN` on BSD. */
  routeInto(prefix: string, ownAddress: string): Promise<void>;
  /** The interface that packets to `destination` leave by; null where there is no route. */
  deviceTowards(destination: string): Promise<string | null>;
  /** A second address on the wire. */
  addWanAddress(address: string): Promise<void>;
  /** One echo request; whether it is answered. Without a source the router chooses. */
  ping(source: string | null, destination: string): Promise<boolean>;
  /** What the helper has logged since the case began. */
  readLog(): Promise<string>;
};

/** Two routers on one wire, with nothing configured but addresses. */
export type RouterPair = { readonly one: Router; readonly two: Router };

/** Run `culvert ifconfig WORDS…`; it must succeed and say nothing. */
export async function ifconfig(router: Router, ...words: readonly string[]): Promise<void> {
  const output = await router.culvert(['ifconfig', ...words]);
  assert.deepEqual(output, { status: 0, stdout: '', stderr: '' }, `ifconfig ${words.join(' ')}`);
}

/** Run statements as `setkey -c`; every one must be taken, in silence. */
export async function setkey(router: Router, statements: readonly string[]): Promise<void> {
  const output = await router.culvert(['setkey', '-c'], `${statements.join('\n')}\n`);
  assert.deepEqual(output, { status: 0, stdout: '', stderr: '' }, statements.join('\n'));
}

/** What a command prints that must succeed. */
export async function printed(router: Router, ...words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await router.culvert(words);
  assert.deepEqual([status, stderr], [0, ''], words.join(' '));
  return stdout;
}
