/**
 * The desktop app's main process: composition root, and the only file that takes anything from Electron but types. It
 * finds the helper, relays the contract both ways, and draws what is outside of the page: window, menu, tray,
 * notifications, dialogs. It holds no truth about tunnels.
 * @module
 */
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as electron from 'electron';
import { settingsPath } from '#core/client/shell-settings.ts';
import { schemePrivileges } from './app-protocol.ts';
import { DesktopApp } from './desktop-app.ts';
import { readLaunchOptions } from '../start/launch-options.ts';
import { licensesPath } from './licenses.ts';
import { chooseProfileFolder } from '../start/profile-folder.ts';
import { isForOtherRuntime } from '../start/runtime.ts';
import { confineContents } from './security.ts';
import { whyNotHere } from '../start/start-refusal.ts';

/** The version of Electron that package.json names; put in by the build. */
declare const builtForElectron: string;

const { app, protocol } = electron;
const settingsFile = settingsPath(process.env);
const complain = (text: string): void => void process.stderr.write(`culvert: ${text}\n`);

const refusal = whyNotHere({
  platform: process.platform,
  userId: process.getuid?.() ?? null,
  environment: process.env,
});
if (refusal !== null) {
  complain(refusal);
  process.exit(1);
}

app.setName('culvert');
const profile = chooseProfileFolder(join(dirname(settingsFile), 'chromium'), {
  runtime: process.env['XDG_RUNTIME_DIR'],
  temporary: tmpdir(),
});
app.setPath('userData', profile.path);
app.enableSandbox();
protocol.registerSchemesAsPrivileged([schemePrivileges]);

if (app.requestSingleInstanceLock()) {
  confineContents(app, (what) => complain(`refused: ${what}`));
  app.whenReady().then(start).catch(fail);
} else {
  app.exit(0); // the first one has been told, and shows itself
}

function start(): void {
  const desktop = new DesktopApp(electron, {
    appFolder: app.getAppPath(),
    settingsFile,
    homeFolder: homedir(),
    launch: readLaunchOptions(process.argv, process.env),
    licensesFile: licensesPath(app.isPackaged ? process.resourcesPath : app.getAppPath()),
    problem: profile.problem,
    isTestRuntime: isForOtherRuntime(process.versions.electron, builtForElectron),
    complain,
  });
  desktop.start();
}

function fail(error: unknown): void {
  complain(error instanceof Error ? error.message : String(error));
  app.exit(1);
}
