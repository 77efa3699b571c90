/** @module */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Result } from '#core/api/contract.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import { pauseFile, type KeptPause } from '#core/client/pause-file.ts';
import { formatPause, readPause } from '#core/cli/pause-note.ts';
import { runStatus } from '#core/cli/status/status-command.ts';
import { exampleAnswer } from '#test/support/profile/profile-answer.ts';
import { exampleInterface, exampleStatus, fakeTerminal, startFakeHelper } from './fake-helper.ts';

const off = exampleAnswer({ phase: 'off' });
const { name } = off.profile;
const pause: KeptPause = {
  untilMs: Date.now() + 600_000,
  tunnels: [
    { name, isProfile: true },
    { name: 'ipsec7', isProfile: false },
  ],
};

/** A person's folder with a pause in it. */
function home(context: TestContext, kept: KeptPause | null): { XDG_CONFIG_HOME: string } {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-pause-note-'));
  context.after(() => rmSync(folder, { recursive: true }));
  pauseFile(join(folder, 'culvert', 'pause.json')).save(kept);
  return { XDG_CONFIG_HOME: folder };
}

/** A helper with that profile, and ipsec7 up or down. */
async function helper(context: TestContext, profile = off, isUp = false) {
  const status = { ...exampleStatus, interfaces: [{ ...exampleInterface, name: 'ipsec7', isUp }] };
  const profiles: Result<'profile.list'> = { profiles: [profile], setAside: [] };
  const { path } = await startFakeHelper(context, { 'status.get': () => status, 'profile.list': () => profiles });
  return { path, connect: () => connectHelper(path), status };
}

async function ask(context: TestContext, environment: NodeJS.ProcessEnv, profile = off, isUp = false) {
  const { connect } = await helper(context, profile, isUp);
  const client = await connect();
  try {
    return await readPause(client, environment);
  } finally {
    client.close();
  }
}

test('what is up again is paused no more, and with the last of them the pause is none', async (context) => {
  const environment = home(context, pause);
  assert.deepEqual((await ask(context, environment))?.tunnels, pause.tunnels);
  assert.deepEqual((await ask(context, environment, exampleAnswer()))?.tunnels, [{ name: 'ipsec7', isProfile: false }]);
  assert.equal(await ask(context, environment, exampleAnswer(), true), null);
  assert.equal(await ask(context, home(context, null)), null);
});

test('the app runs while its engine holds the lock; one that was killed has left a lock of nobody', async (context) => {
  const environment = home(context, pause);
  const engine = join(environment.XDG_CONFIG_HOME, 'culvert', 'chromium');
  mkdirSync(engine);
  const lock = join(engine, 'SingletonLock');
  assert.equal((await ask(context, environment))?.isAppRunning, false);
  symlinkSync(`${hostname()}-${process.pid}`, lock);
  assert.equal((await ask(context, environment))?.isAppRunning, true);
  rmSync(lock);
  symlinkSync(`${hostname()}-${2 ** 22 + 1}`, lock);
  assert.equal((await ask(context, environment))?.isAppRunning, false);
  rmSync(lock);
  symlinkSync(`elsewhere-${process.pid}`, lock);
  assert.equal((await ask(context, environment))?.isAppRunning, false);
});

test('status says who has paused what until when, and how to end it, below the table and in the JSON', async (context) => {
  const environment = home(context, pause);
  const { connect, status } = await helper(context);
  const table = fakeTerminal();
  await runStatus({ terminal: table, connect, isJson: false, isVerbose: false, environment });
  const time = new Date(pause.untilMs).toTimeString().slice(0, 5);
  assert.ok(table.output.includes(`\nPaused by the desktop app until ${time}: ${name}, ipsec7.\n`), table.output);
  assert.match(table.output, new RegExp(`: culvert up ${name}; culvert ifconfig ipsec7 up\n$`));
  const json = fakeTerminal();
  await runStatus({ terminal: json, connect, isJson: true, isVerbose: false, environment });
  assert.deepEqual(JSON.parse(json.output), { ...status, pause: { ...pause, isAppRunning: false } });
});

test('a pause that only the next start of the app ends says so, with the day where that is another', () => {
  const at = new Date(2026, 10, 26, 14, 30).getTime();
  const note = { ...pause, untilMs: at, isAppRunning: true };
  assert.match(formatPause(note, at), /until 14:30: .*\nIts tray's menu ends that sooner \(Resume\), or: culvert up/);
  assert.match(
    formatPause({ ...note, isAppRunning: false }, at + 86_400_000),
    /until 2026-11-26 14:30: .*\nIt does not run/,
  );
});
