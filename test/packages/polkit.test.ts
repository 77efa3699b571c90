/**
 * The window out of the deb asks a real polkit to start the helper: where nobody can be asked, where the rules say no, where
 * the person closes the dialog, mistypes, and types the password.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { appUser } from '#test/support/electron/test-desktop.ts';
import { until } from '#test/support/until.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';
import { findDeb } from '#test/support/package/deb-file.ts';
import { administrator, LaidSystem, missingForLaidSystem } from '#test/support/package/laid-system.ts';
import { PackagedWindow } from '#test/support/package/packaged-window.ts';
import { PolkitAgent } from '#test/support/package/polkit-agent.ts';

const deb = findDeb();
const action = 'org.culvert.start-helper';
const program = '/opt/Culvert/culvert';
const missing = deb === null ? null : missingForLaidSystem();
const skip = deb === null ? 'no deb was built' : missing === null ? false : `${missing} is missing`;

let namespace: NetworkNamespace;
let system: LaidSystem;
let window: PackagedWindow;
let page: Page;
let agent: PolkitAgent | null = null;

before(async () => {
  if (skip !== false) return;
  namespace = new NetworkNamespace('polkit');
  system = await LaidSystem.start(deb ?? '', namespace);
  window = await PackagedWindow.prepare(program, system.within);
  page = await window.open({ group: system.groupId() });
});

after(async () => {
  if (skip !== false) return;
  agent?.stop();
  await window?.dispose();
  await system?.dispose();
  namespace.remove();
});

/** Press the button, and wait until the window tells how that went. */
async function tryToStart(outcome: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Try to start it' }).click();
  await page.getByText(outcome).first().waitFor();
}

/** What polkit says of the window's process without asking anybody: 0 may, 1 may not, 2 after a password. */
function polkitStatus(): number | null {
  const [enter = '', ...rest] = system.within;
  const words = ['pkcheck', '--action-id', action, '--process', String(window.pid)];
  return spawnSync(enter, [...rest, ...words]).status;
}

test('where there is nobody to ask, the window says so and has the one command', { skip }, async () => {
  assert.equal(polkitStatus(), 2);
  await tryToStart(/not started: nobody could be asked/);
  assert.equal(await page.getByText('sudo systemctl start culvertd', { exact: true }).count(), 1);
});

test(
  'a person who closes the dialog has been asked about Culvert, and the window keeps its command',
  { skip },
  async () => {
    agent = await PolkitAgent.start(system, window.pid);
    await tryToStart(/not started: the question was dismissed/);
    assert.deepEqual(agent.questions, [
      { action, message: 'Authentication is needed to start Culvert’s helper, which makes tunnels' },
    ]);
    assert.equal(await page.getByText('sudo systemctl start culvertd', { exact: true }).count(), 1);
  },
);

test('a wrong password starts nothing', { skip }, async () => {
  const asked = agent ?? assert.fail('no agent');
  asked.reply = { password: 'wrong' };
  await tryToStart(/not started: it was not allowed/);
  assert.equal(asked.questions.length, 2);
  assert.equal(existsSync(system.path('/run/culvertd.pid')), false);
});

test('a rule of the machine that forbids it is obeyed, and nobody is asked', { skip }, async () => {
  const asked = agent ?? assert.fail('no agent');
  asked.reply = { password: administrator.password };
  const rule = '/etc/polkit-1/rules.d/10-culvert.rules';
  // polkit's interpreter knows no newer JavaScript.
  const answer = `if (action.id === '${action}') return polkit.Result.NO;`;
  system.write(
    rule,
    `polkit.addRule(function (action) { ${answer} });
`,
  );
  await until(() => polkitStatus() === 1);
  await tryToStart(/not started: it was not allowed/);
  assert.equal(asked.questions.length, 2);
  system.run('rm', rule);
  await until(() => polkitStatus() === 2);
});

test('the password starts the helper as its unit says, and the window goes on by itself', { skip }, async () => {
  await page.getByRole('button', { name: 'Try to start it' }).click();
  await page.getByText('No helper', { exact: true }).first().waitFor({ state: 'hidden' });
  await page.getByText('Build one').first().waitFor();
  const pid = readFileSync(system.path('/run/culvertd.pid'), 'utf8').trim();
  assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^Uid:\t0\t/m);
  const member = ['setpriv', `--reuid=${appUser}`, `--regid=${system.groupId()}`, '--clear-groups'] as const;
  system.run(...member, 'culvert', 'sysctl', 'net.ipsecif.audit=0');
  assert.match(readFileSync(`/proc/${window.pid}/status`, 'utf8'), new RegExp(`^Uid:\t${appUser}\t`, 'm'));
});
