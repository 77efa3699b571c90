/**
 * The desktop app's main process: composition root, and the only file that takes anything from Electron but types. It
 * finds the helper, relays the contract both ways, and draws what is outside of the page: window, menu, tray,
 * notifications, dialogs. It holds no truth about tunnels.
 * @module
 */
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as electron from 'electron';
import { engineFolder } from '#core/client/running-window.ts';
import { settingsPath } from '#core/client/shell-settings.ts';
import { currentUserName, isThere, programsBelow, startCommand } from '#core/client/start-command.ts';
import { schemePrivileges } from './app-protocol.ts';
import { DesktopApp } from './desktop-app.ts';
import { readLaunchOptions } from '../start/launch-options.ts';
import { licensesPath } from './licenses.ts';
import { chooseProfileFolder } from '../start/profile-folder.ts';
import { isForOtherRuntime } from '../start/runtime.ts';
import { confineContents } from './security.ts';
import { openedSandbox, whyNotHere, whyNotOpen } from '../start/start-refusal.ts';

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
const opened = openedSandbox((name) => app.commandLine.hasSwitch(name));
const profile = chooseProfileFolder(engineFolder(settingsFile), {
  runtime: process.env['XDG_RUNTIME_DIR'],
  temporary: tmpdir(),
});
app.setPath('userData', profile.path);
app.enableSandbox();
protocol.registerSchemesAsPrivileged([schemePrivileges]);

if (opened !== null) {
  refuseAloud(whyNotOpen(opened));
} else if (app.requestSingleInstanceLock()) {
  confineContents(app, (what) => complain(`refused: ${what}`));
  app.whenReady().then(start).catch(fail);
} else {
  app.exit(0); // the first one has been told, and shows itself
}

/** Who has started this by a click sees no terminal. */
function refuseAloud(why: string): void {
  complain(why);
  if (process.stderr.isTTY) process.exit(1);
  const detail = why.replace(/^./, (first) => first.toUpperCase());
  app
    .whenReady()
    // Not showErrorBox: while that waits in a loop of its own, a signal to end is not heard.
    .then(() => electron.dialog.showMessageBox({ type: 'error', message: 'Culvert does not start', detail }))
    .then(() => app.exit(1), fail);
}

function start(): void {
  const launch = readLaunchOptions(process.argv, process.env);
  const desktop = new DesktopApp(electron, {
    appFolder: app.getAppPath(),
    settingsFile,
    homeFolder: homedir(),
    launch,
    startCommand: startCommand({
      socketPath: launch.socketPath,
      userName: currentUserName(),
      programs: programsBelow(helperRoot()),
      image: process.env['APPIMAGE'] || null,
      isThere,
    }),
    licensesFile: licensesPath(app.isPackaged ? process.resourcesPath : app.getAppPath()),
    problem: profile.problem,
    isTestRuntime: isForOtherRuntime(process.versions.electron, builtForElectron),
    complain,
  });
  desktop.start();
}

/** The helper is of the same package, or of the same checkout. */
function helperRoot(): string {
  return app.isPackaged ? join(process.resourcesPath, 'helper') : join(app.getAppPath(), '..', '..');
}

function fail(error: unknown): void {
  complain(error instanceof Error ? error.message : String(error));
  app.exit(1);
}
