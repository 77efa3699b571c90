/**
 * The app once Electron is ready: joins window, tray, helper and shell, and ends them in order. Electron is handed in,
 * so that the whole of it also runs over a stand-in.
 * @module
 */
import { dirname, join } from 'node:path';
import type * as Electron from 'electron';
import { contract, type Method } from '#core/api/contract.ts';
import type { ApiEvent } from '#core/api/event.ts';
import type { HelperLink } from '#core/api/relay.ts';
import type { ShellSettings } from '#core/api/shell-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import { keepLink, type LinkKeeper } from '#core/client/helper-link.ts';
import { readPageFiles } from '#core/client/page-files.ts';
import { pauseFile, pausePath } from '#core/client/pause-file.ts';
import { StatusMirror } from '#core/client/status-mirror.ts';
import { answerRelay } from '#core/client/relay.ts';
import { loadSettings } from '#core/client/shell-settings.ts';
import { isThere } from '#core/client/start-command.ts';
import { planHelperStart, runHelperStart } from '../service/helper-start.ts';
import { watchTrayHost, type TrayHostWatch } from '../tray/tray-host.ts';
import { trayParts } from '../tray/tray-icon.ts';
import type { TrayView } from '../tray/tray-template.ts';
import { listTrayTunnels, type TrayTunnel } from '../tray/tray-tunnel.ts';
import { TrayDriver } from '../tray/tray.ts';
import { answerPage, scheme } from './app-protocol.ts';
import { setAutostart, startWords } from '../start/autostart.ts';
import { DesktopTheme } from './desktop-theme.ts';
import { createDesktopShell, type DesktopShell } from './desktop-shell.ts';
import { handle } from './ipc.ts';
import { readLicenses } from './licenses.ts';
import type { LaunchOptions } from '../start/launch-options.ts';
import { menuTemplate } from './menu.ts';
import { NoticeBoard } from './notice.ts';
import { Pause } from '../pause/pause.ts';
import { confineSession } from './security.ts';
import { SecretClipboard } from './secret-clipboard.ts';
import { switchTunnel, takeAllDown } from '../pause/tunnel-switch.ts';
import { TunnelWatch } from './tunnel-watch.ts';
import { loadWindowState, placeOnDisplay, saveWindowState } from './window-state.ts';
import { MainWindow } from './window.ts';

/** What the app is started with. */
export type DesktopAppOptions = {
  /** Where the app's own files lie: page, preload, icons. */
  readonly appFolder: string;
  readonly settingsFile: string;
  readonly homeFolder: string;
  readonly launch: LaunchOptions;
  /** What a person types to start the helper. */
  readonly startCommand: string;
  /** Licences of what the package carries. */
  readonly licensesFile: string;
  /** What the window has to say about the folder of settings; null for nothing. */
  readonly problem: string | null;
  readonly isTestRuntime: boolean;
  readonly complain: (text: string) => void;
};

/** How long quitting waits for tunnels. */
const farewellMs = 5000;

/** Whether a method may change tunnels: what only the operator may call. */
function isChange(method: string): boolean {
  return Object.hasOwn(contract, method) && contract[method as Method].access === 'operate';
}

/** The running app. */
export class DesktopApp {
  readonly #electron: typeof Electron;
  readonly #options: DesktopAppOptions;
  readonly #shell: DesktopShell;
  readonly #window: MainWindow;
  readonly #tray: TrayDriver;
  readonly #mirror: StatusMirror;
  readonly #helper: LinkKeeper;
  readonly #watch: TunnelWatch;
  readonly #pause: Pause;
  readonly #secrets: SecretClipboard;
  readonly #theme: DesktopTheme;
  readonly #notices = new NoticeBoard();
  readonly #hasTray = Promise.withResolvers<boolean>();
  #trayHost: TrayHostWatch = { close: () => {} };
  #hasSaidFarewell = false;

  constructor(electron: typeof Electron, options: DesktopAppOptions) {
    this.#electron = electron;
    this.#options = options;
    this.#theme = new DesktopTheme(electron.nativeTheme);
    this.#secrets = new SecretClipboard(electron.clipboard);
    this.#shell = this.#createShell();
    this.#window = this.#createWindow();
    this.#tray = new TrayDriver(
      trayParts(electron, join(options.appFolder, 'icons'), () => this.#theme.isDark()),
      {
        toggle: (tunnel) => void this.#toggle(tunnel),
        pause: (minutes) => void this.#pause.start(this.#tunnels(), minutes),
        resume: () => void this.#pause.resume(),
        disconnectAll: () => void this.#disconnectAll(),
        open: () => this.#window.open(),
        quit: () => electron.app.quit(),
      },
    );
    this.#mirror = new StatusMirror((whole, sinceMs) => this.#watch.noteStatus(whole, sinceMs));
    this.#helper = keepLink({
      mirror: this.#mirror,
      socketPath: options.launch.socketPath,
      startCommand: options.startCommand,
      onLink: (link) => this.#hearLink(link),
      onEvent: (event) => this.#hearEvent(event),
    });
    this.#watch = new TunnelWatch(this.#helper, () => this.#showTray());
    const keptPause = pauseFile(pausePath(options.settingsFile));
    this.#pause = new Pause(this.#helper, keptPause, () => this.#watch.noteChange());
  }

  /** Show what the person shall see, and answer the page from now on. */
  start(): void {
    const { app, Menu, nativeTheme } = this.#electron;
    this.#servePage();
    this.#answerCalls();
    this.#apply(this.#shell.settings());
    Menu.setApplicationMenu(Menu.buildFromTemplate(this.#menu()));
    app.on('second-instance', () => this.#window.open());
    app.on('activate', () => this.#window.open());
    app.on('window-all-closed', () => app.quit());
    app.on('before-quit', (event) => this.#beforeQuit(event));
    nativeTheme.on('updated', () => this.#showTray());
    this.#trayHost = watchTrayHost(process.platform, process.env, (hasHost) => this.#noteTrayHost(hasHost));
    if (!this.#options.launch.isHidden) this.#window.open();
  }

  #createShell(): DesktopShell {
    const { app, dialog, shell } = this.#electron;
    const { appFolder, settingsFile, homeFolder, isTestRuntime, complain } = this.#options;
    const { settings, problem: broken } = loadSettings(settingsFile);
    const problem = broken ?? this.#options.problem;
    if (problem !== null) complain(problem);
    const { execPath } = process;
    const words = startWords({ execPath, isPackaged: app.isPackaged, appPath: appFolder }, process.env);
    return createDesktopShell(
      {
        version: app.getVersion(),
        isTestRuntime,
        problem,
        settingsPath: settingsFile,
        hasTray: () => this.#hasTray.promise,
        dialogs: { dialog, window: () => this.#window.current(), folder: homeFolder },
        clipboard: this.#secrets,
        openExternal: (address) => shell.openExternal(address),
        setAutostart: (isWanted) => setAutostart(app, isWanted, words),
        startHelper: async () => {
          await runHelperStart(planHelperStart(process.platform, isThere), this.#options.startCommand);
          this.#helper.retry();
        },
        readLicenses: () => readLicenses(this.#options.licensesFile),
        onSettings: (now) => this.#apply(now),
      },
      settings,
    );
  }

  #createWindow(): MainWindow {
    const { BrowserWindow, nativeTheme, screen } = this.#electron;
    const { appFolder, settingsFile } = this.#options;
    const stateFile = join(dirname(settingsFile), 'window-state.json');
    const parts = {
      makeWindow: (options: Electron.BrowserWindowConstructorOptions) => new BrowserWindow(options),
      preload: join(appFolder, 'preload.cjs'),
      icon: join(appFolder, 'icons', 'culvert-256.png'),
      isDark: () => nativeTheme.shouldUseDarkColors,
      placeOnDisplay: (bounds: Parameters<typeof placeOnDisplay>[0]) => {
        const displays = screen.getAllDisplays().map(({ workArea }) => workArea);
        return placeOnDisplay(bounds, displays);
      },
      saveState: (state: Parameters<typeof saveWindowState>[1]) => saveWindowState(stateFile, state),
      staysInTray: () => this.#tray.isShown() && this.#shell.settings().closeToTray,
    };
    return new MainWindow(parts, loadWindowState(stateFile));
  }

  #servePage(): void {
    const { protocol, session } = this.#electron;
    const files = readPageFiles(join(this.#options.appFolder, 'renderer'));
    confineSession(session.defaultSession, this.#refuse);
    protocol.handle(scheme, (request) => answerPage(request, files));
  }

  #answerCalls(): void {
    const watch = this.#mirror.open(async (update) => {
      if (this.#window.current() === null) watch.stop();
      else this.#window.push({ kind: 'status', update });
    });
    const relay = {
      watch,
      helper: this.#helper,
      shell: this.#shell.handlers,
      onInternalError: (error: unknown) => {
        this.#options.complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
      },
    };
    handle({
      ipcMain: this.#electron.ipcMain,
      window: () => this.#window.current()?.webContents ?? null,
      answer: async (method, params) => {
        const answer = await answerRelay(relay, method, params);
        if (isChange(method)) this.#watch.noteChange();
        return answer;
      },
      greetings: () => {
        watch.stop(); // a page that begins to listen is a new one
        const pending = this.#window.takePending();
        return [{ kind: 'link', link: this.#helper.link() }, ...(pending === null ? [] : [pending])];
      },
      onRefusal: this.#refuse,
    });
  }

  #menu(): Electron.MenuItemConstructorOptions[] {
    return menuTemplate(
      {
        navigate: (to) => this.#window.navigate({ kind: 'navigate', to, target: null }),
        zoom: (step) => this.#window.zoom(step),
        closeWindow: () => this.#window.close(),
        quit: () => this.#electron.app.quit(),
      },
      process.platform,
    );
  }

  #apply({ theme }: ShellSettings): void {
    this.#theme.apply(theme);
    this.#showTray();
  }

  #hearLink(link: HelperLink): void {
    this.#window.push({ kind: 'link', link });
    this.#watch.noteLink(link);
    if (link.state === 'connected') void this.#pause.noteHelper();
  }

  #hearEvent(event: ApiEvent): void {
    this.#window.push({ kind: 'event', event });
    this.#watch.noteChange();
    const notice = this.#notices.tell(event, this.#shell.settings().notifications);
    if (notice === null) return;
    const { title, body, target } = notice;
    this.#notify(title, body, () => this.#window.navigate({ kind: 'navigate', to: 'tunnel', target }));
  }

  #notify(title: string, body: string, onClick: () => void): void {
    const { Notification } = this.#electron;
    if (!Notification.isSupported()) return;
    const note = new Notification({ title, body, icon: join(this.#options.appFolder, 'icons', 'culvert-256.png') });
    note.on('click', onClick);
    note.show();
  }

  /** With a host the icon is there; without one nothing may stay hidden. */
  #noteTrayHost(hasHost: boolean): void {
    this.#hasTray.resolve(hasHost);
    if (hasHost) {
      this.#tray.start();
      this.#showTray();
    } else {
      this.#tray.stop();
      this.#window.open();
    }
  }

  #showTray(): void {
    this.#tray.update(this.#trayView());
  }

  #trayView(): TrayView {
    const { link, canOperate } = this.#watch.now();
    const untilMs = this.#pause.untilMs();
    const pausedUntil = untilMs === null ? null : new Date(untilMs).toTimeString().slice(0, 5);
    return { link, canOperate, tunnels: this.#tunnels(), settings: this.#shell.settings(), pausedUntil };
  }

  #tunnels(): readonly TrayTunnel[] {
    return listTrayTunnels(this.#watch.now());
  }

  async #toggle(tunnel: TrayTunnel): Promise<void> {
    try {
      await switchTunnel(this.#helper, tunnel, !tunnel.isWanted);
    } catch (error) {
      const why = error instanceof IpsecError ? error.message : String(error);
      this.#notify(`${tunnel.name} stays as it is`, why, () => this.#window.open());
    }
    await this.#watch.refresh();
  }

  async #disconnectAll(): Promise<void> {
    this.#pause.forget();
    await takeAllDown(this.#helper, this.#tunnels());
    await this.#watch.refresh();
  }

  /** The first time the app stays until tunnels are as the settings say. */
  #beforeQuit(event: Electron.Event): void {
    this.#window.letGo();
    if (this.#hasSaidFarewell) return;
    event.preventDefault();
    const late = new Promise<void>((resolve) => setTimeout(resolve, farewellMs));
    void Promise.race([this.#sayFarewell(), late]).finally(() => {
      this.#hasSaidFarewell = true;
      this.#electron.app.quit();
    });
  }

  async #sayFarewell(): Promise<void> {
    await this.#secrets.clearSecret();
    await this.#watch.refresh();
    await this.#settleTunnels();
    this.#trayHost.close();
    this.#tray.stop();
    this.#watch.stop();
    this.#helper.close();
  }

  /** Quitting ends a pause: nobody would be there to end it. Only what the helper cannot be asked for now is kept. */
  async #settleTunnels(): Promise<void> {
    if (this.#shell.settings().onQuit === 'take-down') {
      this.#pause.forget();
      await takeAllDown(this.#helper, this.#tunnels());
    } else if (this.#pause.untilMs() !== null) {
      await this.#pause.resume();
    }
  }

  readonly #refuse = (what: string): void => this.#options.complain(`refused: ${what}`);
}
