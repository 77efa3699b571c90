/**
 * `npm run screenshots`: every sheet of the window over a live pair of gateways, empty, busy and in trouble, light and
 * dark, 1280 and 800 wide, and the desktop app in its frame with what is around it, into dist/screenshots. Composition root.
 * @module
 */
import '#build/renderer.ts';
import { mkdirSync, rmSync } from 'node:fs';
import { missingForDesktop } from '#build/test/machine.ts';
import { fetchTestRuntime } from '#build/window/test-runtime.ts';
import { testAppFolder } from '#build/window/app.ts';
import { buildTestApp } from '#test/support/electron/test-build.ts';
import { BrowserWindow } from './live/browser-window.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { LiveWindow } from './live/live-window.ts';
import { bringUpOffice, exportForPeer, OfficeTraffic } from './live/office.ts';
import { Camera } from './pictures/camera.ts';
import { takeDesktopPictures } from './pictures/desktop-pictures.ts';
import { takeIconSheet } from './pictures/icon-sheet.ts';
import { Neighbours } from './pictures/neighbours.ts';
import { PanelDesktop } from './pictures/panel-desktop.ts';
import { takeStrangeHelpers } from './pictures/strange-sockets.ts';

const folder = 'dist/screenshots';

/** A chart of a minute has something to show. */
const minuteMs = 62_000;

const missing = LiveWindow.missing();
if (missing !== false) throw new Error(`screenshots need what is missing here: ${missing}`);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const live = await LiveWindow.open();
/** A busy machine draws slowly, and a picture is worth the wait. */
live.page.setDefaultTimeout(60_000);
const camera = new Camera(live.page, folder);
const neighbours = new Neighbours();
let traffic: OfficeTraffic | null = null;
/** Helpers in the place of one that ended. */
const later: Culvertd[] = [];
try {
  await takeEmpty();
  await bringUpOffice(live.pair);
  await neighbours.settle(live.pair);
  traffic = new OfficeTraffic(live.pair);
  const since = Date.now();
  await takeBusy();
  await live.page.waitForTimeout(Math.max(0, since + minuteMs - Date.now()));
  await takeFlowing();
  await takeTrouble();
  await takeLeft();
} finally {
  await traffic?.stop();
  await neighbours.stop();
  for (const helper of later) await helper.kill('SIGTERM');
  await live.close();
}
const strange = await takeStrangeHelpers(folder);
process.stdout.write(`${camera.count + strange + (await takeDesktop())} pictures in ${folder}\n`);

/** What is around the page, where the machine has a desktop to show; gives how many. */
async function takeDesktop(): Promise<number> {
  const lacking = missingForDesktop() ?? PanelDesktop.missing();
  if (lacking !== null) {
    process.stdout.write(`no pictures of the desktop app: ${lacking} is missing\n`);
    return 0;
  }
  fetchTestRuntime();
  await buildTestApp();
  const browser = await BrowserWindow.launchBrowser();
  await takeIconSheet(browser, testAppFolder, `${folder}/icons.png`);
  await browser.close();
  return (await takeDesktopPictures(folder)) + 1;
}

async function takeEmpty(): Promise<void> {
  await camera.takeSheet('tunnels-empty', '/tunnels', 'Build one');
  await camera.takeSheet('associations-empty', '/associations', 'Associations');
  await camera.takeSheet('policies-empty', '/policies', 'Policies');
  await camera.takeSheet('events-empty', '/events', 'Events');
  await camera.takeSheet('settings', '/settings', 'Path MTU over IPv6');
  await takeWizard();
  await takeConnecting();
}

/** Each step, empty and wrong, then filled in; the tunnel is not made. */
async function takeWizard(): Promise<void> {
  const { page } = live;
  const next = async (heading: string): Promise<void> => {
    await page.getByRole('button', { name: /^Continue/ }).click();
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  };
  await camera.takeSheet('wizard-purpose', '/wizard', 'What is the tunnel for?');
  await page.getByRole('button', { name: /^Continue/ }).click();
  await page.getByText('The tunnel needs a name').waitFor();
  await camera.take('wizard-purpose-wrong');
  await page.getByLabel('Name').fill('Kyoto office');
  await next('Where does it begin and end?');
  await page.getByLabel('Address of the other end').fill(live.pair.right.outer);
  await page.getByText(/^From 192.0.2.1 on wan0/).waitFor();
  await camera.take('wizard-ends');
  await next('Keys');
  await camera.take('wizard-keys');
  await next('What goes through?');
  await page.getByLabel('Behind this end').fill(live.pair.left.network);
  await page.getByLabel('Behind the other end').fill(live.pair.right.network);
  await camera.take('wizard-networks');
  await next('Check and start');
  await page.getByText('4 policies, 2 associations, 1 route', { exact: true }).waitFor();
  await camera.take('wizard-check');
  await camera.takeSheet('wizard-text', '/wizard/text', 'Write it as text');
  await camera.takeSheet('wizard-all', '/wizard/all', 'Everything on one page');
}

/** The tunnel is made, and waits for an end that nobody makes. */
async function takeConnecting(): Promise<void> {
  const { page, pair } = live;
  await camera.takeSheet('wizard-check', '/wizard/check', 'What will be made');
  await page.getByRole('button', { name: /^Make the tunnel/ }).click();
  await page.getByText(/is made on this computer/).waitFor();
  await page.waitForTimeout(4000);
  await camera.take('wizard-connect');
  await pair.left.culvertd.ask('profile.down', { name: 'Kyoto office' });
  await pair.left.culvertd.ask('profile.delete', { name: 'Kyoto office' });
}

/** What another gateway's file would become here. */
async function takeImport(): Promise<void> {
  const { page, pair } = live;
  await camera.takeSheet('import', '/import', 'Import a tunnel');
  await page.getByLabel('Text').fill(await exportForPeer(pair.left.culvertd));
  await page.waitForTimeout(1500);
  await camera.take('import-found');
}

async function takeBusy(): Promise<void> {
  const { page } = live;
  await takeImport();
  await camera.takeSheet('tunnel-interface', '/tunnel/office/interface', 'Carry IPv6 inside');
  await page.getByRole('switch', { name: 'Carry IPv6 inside' }).click();
  await page.getByRole('dialog').getByText('changes', { exact: true }).first().waitFor();
  await camera.take('tunnel-interface-preview');
  await page.keyboard.press('Escape');
  await page.getByText('Always refuse them').click();
  await page.getByText('No policy and no association changes.').waitFor();
  await camera.take('tunnel-interface-draft');
  await page.getByRole('button', { name: 'Undo' }).click();
  await camera.takeSheet('tunnel-keys', '/tunnel/office/keys', '0x');
  await camera.takeSheet('tunnel-policies', '/tunnel/office/policies', 'protect');
  await camera.takeSheet('tunnel-text', '/tunnel/office/text', 'Save and apply now');
  await page.getByText('setkey', { exact: true }).first().click();
  await camera.take('tunnel-text-setkey');
  await camera.takeSheet('policies', '/policies', 'discard');
  await page.getByRole('row').filter({ hasText: 'unique' }).first().click();
  await page.waitForTimeout(300);
  await camera.take('policies-open');
  await page.keyboard.press('Escape');
}

async function takeFlowing(): Promise<void> {
  const { page } = live;
  await camera.takeSheet('tunnels', '/tunnels', /Carries traffic both ways/);
  await camera.takeSheet('tunnel', '/tunnel/office', /Throughput/);
  await page.getByRole('button', { name: 'Test the path' }).click();
  await page.getByText(/checks passed/).waitFor();
  await camera.take('tunnel-test');
  await camera.takeSheet('tunnel-events', '/tunnel/office/events', 'All events');
  await camera.takeSheet('associations', '/associations', /0x/);
  await page.getByRole('row').filter({ hasText: '0x00003001' }).first().click();
  await page.waitForTimeout(300);
  await camera.take('associations-open');
  await page.keyboard.press('Escape');
  await camera.takeSheet('events', '/events', 'Events');
  await page.getByText('Raw log').or(page.getByText('Raw')).first().click();
  await camera.take('events-raw');
}

async function takeTrouble(): Promise<void> {
  const { page, pair } = live;
  await camera.takeSheet('tunnels', '/tunnels', /does not open/);
  for (const name of ['Bergen', 'Lisboa', 'Osaka', 'ipsec7']) {
    await camera.takeSheet(`tunnel-${name.toLowerCase()}`, `/tunnel/${name}`, name);
  }
  await camera.takeSheet('tunnel-missing', '/tunnel/nowhere', 'It was deleted or renamed.');
  await pair.left.culvertd.kill('SIGTERM');
  await page.getByText('No helper', { exact: true }).waitFor();
  await page.waitForTimeout(5500);
  await camera.takeSheet('tunnels-no-helper', '/tunnels', 'What was found');
  await camera.takeSheet('tunnel-no-helper', '/tunnel/office', 'office');
}

/** The helper is there again, and what the one before has refused is so still. */
async function takeLeft(): Promise<void> {
  const { namespace, culvertd } = live.pair.left;
  later.push(await Culvertd.restart(culvertd.directory, namespace));
  await camera.takeSheet('tunnels-left', '/tunnels', /let them take another way/);
  await camera.takeSheet('tunnel-left', '/tunnel/office', /still refused/);
}
