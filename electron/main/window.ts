/**
 * The window: opened where it was, shown when its page is painted, and made anew when it was closed to the tray.
 * @module
 */
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import type { Push } from '#core/api/relay.ts';
import { pageAddress } from './app-protocol.ts';
import { pushChannel } from './channel.ts';
import { securePreferences } from './security.ts';
import { firstSize, frameShift, leastSize, zoomRange, type Bounds, type WindowState } from './window-state.ts';

/** What a window stands on. */
export type WindowParts = {
  readonly makeWindow: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly preload: string;
  readonly icon: string;
  readonly isDark: () => boolean;
  readonly placeOnDisplay: (bounds: Bounds | null) => Bounds | null;
  readonly saveState: (state: WindowState) => void;
  /** Whether closing hides to the tray, asked at each close. */
  readonly staysInTray: () => boolean;
};

/** The colour behind the page until it is painted: paper, or the same by night (renderer/styles/tokens.css). */
const background = { light: '#f4f1e8', dark: '#171916' };

const zoomStep = 1.1;

/** Deaths of the page after which it is loaded again. */
const mostDeaths = 3;

/** A window manager has put its frame around a window by then. */
const framedMs = 1000;

/** Options of the window. */
export function windowOptions(
  { preload, icon, isDark }: Pick<WindowParts, 'preload' | 'icon' | 'isDark'>,
  bounds: Bounds | null,
): BrowserWindowConstructorOptions {
  return {
    ...(bounds ?? firstSize),
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    title: 'Culvert',
    icon,
    show: false,
    backgroundColor: isDark() ? background.dark : background.light,
    autoHideMenuBar: false,
    webPreferences: securePreferences(preload),
  };
}

/** The app's one window, whether it is there or not. */
export class MainWindow {
  readonly #parts: WindowParts;
  #state: WindowState;
  #window: BrowserWindow | null = null;
  #pending: Push | null = null;
  #isQuitting = false;
  #deaths = 0;
  /** What the frame adds to the place that the window tells; null until that is known. */
  #shift: { readonly x: number; readonly y: number } | null = null;

  constructor(parts: WindowParts, state: WindowState) {
    this.#parts = parts;
    this.#state = state;
  }

  /** The window while there is one. */
  current(): BrowserWindow | null {
    return this.#window;
  }

  /** Show the window and give it the keyboard. */
  open(): void {
    if (this.#window === null) return this.#create();
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** Open the window and have it go somewhere; a page that is still loading goes there when it listens. */
  navigate(push: Push): void {
    const isListening = this.#window !== null && !this.#window.webContents.isLoading();
    if (isListening) this.push(push);
    else this.#pending = push;
    this.open();
  }

  /** Where the page was to go while it was not listening, once. */
  takePending(): Push | null {
    const pending = this.#pending;
    this.#pending = null;
    return pending;
  }

  /** Tell the page. */
  push(push: Push): void {
    this.#window?.webContents.send(pushChannel, push);
  }

  /** Close as the person would. */
  close(): void {
    this.#window?.close();
  }

  /** Change the zoom; kept for the next start. */
  zoom(step: 'in' | 'out' | 'reset'): void {
    const factor = step === 'reset' ? 1 : this.#state.zoom * (step === 'in' ? zoomStep : 1 / zoomStep);
    this.#state = { ...this.#state, zoom: Math.min(zoomRange.most, Math.max(zoomRange.least, factor)) };
    this.#window?.webContents.setZoomFactor(this.#state.zoom);
    this.#parts.saveState(this.#state);
  }

  /** From now on closing is for good. */
  letGo(): void {
    this.#isQuitting = true;
  }

  #create(): void {
    const bounds = this.#parts.placeOnDisplay(this.#state.bounds);
    const window = this.#parts.makeWindow(windowOptions(this.#parts, bounds));
    this.#window = window;
    this.#shift = bounds === null ? { x: 0, y: 0 } : null;
    if (this.#state.isMaximized) window.maximize();
    window.once('ready-to-show', () => {
      window.webContents.setZoomFactor(this.#state.zoom);
      window.show();
      if (bounds !== null) setTimeout(() => this.#measureFrame(window, bounds), framedMs).unref();
    });
    window.on('close', (event) => {
      this.#remember(window);
      if (this.#isQuitting || !this.#parts.staysInTray()) return;
      event.preventDefault();
      window.hide();
    });
    window.on('closed', () => {
      this.#window = null;
    });
    window.webContents.on('render-process-gone', () => this.#reload(window));
    window.loadURL(pageAddress).catch(() => {});
  }

  /** A page that died is loaded again: it holds no truth that could be lost. One that dies again and again is left. */
  #reload(window: BrowserWindow): void {
    this.#deaths += 1;
    if (this.#deaths <= mostDeaths && !this.#isQuitting) window.webContents.reload();
  }

  #measureFrame(window: BrowserWindow, asked: Bounds): void {
    if (!window.isDestroyed()) this.#shift = frameShift(asked, window.getNormalBounds());
  }

  /** Without the frame's part, or the window would creep by it from start to start. One closed at once has not moved. */
  #remember(window: BrowserWindow): void {
    const { x, y, width, height } = window.getNormalBounds();
    const shift = this.#shift;
    const bounds = shift === null ? this.#state.bounds : { x: x - shift.x, y: y - shift.y, width, height };
    this.#state = { ...this.#state, bounds, isMaximized: window.isMaximized() };
    this.#parts.saveState(this.#state);
  }
}
