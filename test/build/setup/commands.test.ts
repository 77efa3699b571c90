/**
 * Tests of build/setup/commands.mjs: what a command needs is something that can be looked for.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

type Commands = Readonly<Record<string, { readonly packages: readonly string[] }>>;

/** A plain JavaScript module of build/setup/, which has no types. */
async function load(name: string): Promise<unknown> {
  return import(new URL(`../../../build/setup/${name}`, import.meta.url).href);
}

test('of every Debian package that a command needs is known how to see that it is there', async () => {
  const { commands } = (await load('commands.mjs')) as { readonly commands: Commands };
  const { probes } = (await load('debian-packages.mjs')) as { readonly probes: object };
  const needed = new Set(Object.values(commands).flatMap(({ packages }) => packages));
  assert.ok(needed.size > 10);
  assert.deepEqual(
    [...needed].filter((name) => !Object.hasOwn(probes, name)),
    [],
  );
});

test('a benchmark has all programs installed that its desktop part looks for', async () => {
  const { commands } = (await load('commands.mjs')) as { readonly commands: Commands };
  for (const name of ['xvfb', 'openbox', 'xdotool', 'dbus-daemon', 'chromium', 'squashfs-tools']) {
    assert.ok(commands['bench']?.packages.includes(name), name);
  }
});
