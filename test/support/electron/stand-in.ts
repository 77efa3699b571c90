/**
 * A stand-in for the `electron` module that records what it is told: as much of it as main uses, so that main runs
 * whole in Node.js.
 * @module
 */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

/** A window that records. */
export class FakeWindow extends EventEmitter {
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly calls: string[] = [];
  readonly webContents = new FakeContents();
  bounds = { x: 10, y: 20, width: 900, height: 700 };

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }

  loadURL(url: string): Promise<void> {
    this.calls.push(`load ${url}`);
    return Promise.resolve();
  }

  /** As the person closes it: asked first, then gone. */
  close(): void {
    let isPrevented = false;
    this.emit('close', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) this.emit('closed');
  }

  show = (): void => void this.calls.push('show');
  hide = (): void => void this.calls.push('hide');
  focus = (): void => void this.calls.push('focus');
  restore = (): void => void this.calls.push('restore');
  maximize = (): void => void this.calls.push('maximize');
  isDestroyed = (): boolean => false;
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  getNormalBounds = (): Electron.Rectangle => this.bounds;
}

/** A page that records what it is sent. */
export class FakeContents extends EventEmitter {
  readonly sent: unknown[] = [];
  zoom = 1;
  reloads = 0;
  openHandler: (() => { action: string }) | null = null;
  /** The main frame, as an event names it. */
  readonly mainFrame = { url: 'app://bundle/index.html', parent: null };

  send = (channel: string, value: unknown): void => void this.sent.push([channel, value]);
  setZoomFactor = (factor: number): void => void (this.zoom = factor);
  isLoading = (): boolean => false;
  reload = (): void => void (this.reloads += 1);
  setWindowOpenHandler = (handler: () => { action: string }): void => void (this.openHandler = handler);
}

type Handler = (event: unknown, ...values: unknown[]) => unknown;

/** The module. */
export class FakeElectron {
  readonly windows: FakeWindow[] = [];
  readonly trays: FakeTray[] = [];
  readonly notes: { readonly title: string; readonly body: string }[] = [];
  readonly handlers = new Map<string, Handler>();
  readonly protocols = new Map<string, (request: { method: string; url: string }) => Response>();
  readonly permissions: Record<string, unknown> = {};
  quits = 0;
  readonly app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    getVersion: () => '1.2.3',
    setLoginItemSettings: () => {},
    /** As Electron does: asked first, and gone unless somebody prevents it. */
    quit: () => {
      let isPrevented = false;
      this.app.emit('before-quit', { preventDefault: () => (isPrevented = true) });
      if (!isPrevented) this.quits += 1;
    },
  });
  clipboardText = '';
  readonly clipboard = {
    readText: () => Promise.resolve(this.clipboardText),
    writeText: (text: string) => {
      this.clipboardText = text;
      return Promise.resolve();
    },
    clear: () => void (this.clipboardText = ''),
  };
  readonly dialog = {};
  readonly shell = { openExternal: () => Promise.resolve() };
  readonly screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
  readonly nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false, themeSource: 'system' });
  readonly nativeImage = { createFromPath: (path: string) => ({ path, setTemplateImage: () => {} }) };
  readonly ipcMain = {
    handle: (channel: string, handler: Handler) => void this.handlers.set(channel, handler),
    on: (channel: string, handler: Handler) => void this.handlers.set(channel, handler),
  };
  readonly protocol = {
    handle: (scheme: string, handler: (request: { method: string; url: string }) => Response) => {
      this.protocols.set(scheme, handler);
    },
  };
  readonly session = {
    defaultSession: {
      setPermissionRequestHandler: (handler: unknown) => void (this.permissions['request'] = handler),
      setPermissionCheckHandler: (handler: unknown) => void (this.permissions['check'] = handler),
      setDevicePermissionHandler: (handler: unknown) => void (this.permissions['device'] = handler),
      webRequest: { onBeforeRequest: (handler: unknown) => void (this.permissions['web'] = handler) },
      on: (name: string, handler: unknown) => void (this.permissions[name] = handler),
    },
  };
  readonly Menu = { buildFromTemplate: (template: unknown) => ({ template }), setApplicationMenu: () => {} };
  readonly BrowserWindow: new (options: Electron.BrowserWindowConstructorOptions) => FakeWindow;
  readonly Tray: new (image: unknown) => FakeTray;
  readonly Notification: unknown;

  constructor() {
    const { windows, trays, notes } = this;
    this.BrowserWindow = class extends FakeWindow {
      constructor(options: Electron.BrowserWindowConstructorOptions) {
        super(options);
        windows.push(this);
      }
    };
    this.Tray = class extends FakeTray {
      constructor(image: unknown) {
        super(image);
        trays.push(this);
      }
    };
    this.Notification = Object.assign(
      class extends EventEmitter {
        constructor(options: { title: string; body: string }) {
          super();
          notes.push(options);
        }
        show(): void {}
      },
      { isSupported: () => true },
    );
  }

  /** As the module that main imports. */
  asModule(): typeof Electron {
    return this as unknown as typeof Electron;
  }

  /** Ask as the page of the newest window. */
  ask(method: unknown, params: unknown): Promise<unknown> {
    const sender = this.windows.at(-1)?.webContents;
    const event = { sender, senderFrame: sender?.mainFrame };
    return Promise.resolve(this.handlers.get('ask')?.(event, method, params));
  }
}

/** A tray that records. */
export class FakeTray extends EventEmitter {
  image: unknown;
  tooltip = '';
  menus: { readonly template: Electron.MenuItemConstructorOptions[] }[] = [];
  isDestroyed = false;

  constructor(image: unknown) {
    super();
    this.image = image;
  }

  setImage = (image: unknown): void => void (this.image = image);
  setToolTip = (text: string): void => void (this.tooltip = text);
  setContextMenu = (menu: never): void => void this.menus.push(menu);
  destroy = (): void => void (this.isDestroyed = true);
}
