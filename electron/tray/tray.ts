/**
 * The tray's icon and menu, kept up to date: rebuilt at most once a second and only when something in it has changed. A
 * new menu is made each time, for a desktop keeps what it was once given.
 * @module
 */
import type { Menu, MenuItemConstructorOptions, Tray } from 'electron';
import { summarize, trayTemplate, type TrayActions, type TrayView } from './tray-template.ts';
import { overallCondition, type TrayCondition } from './tray-tunnel.ts';

/** What the driver needs of Electron. */
export type TrayParts = {
  readonly makeTray: (condition: TrayCondition) => Tray;
  readonly setIcon: (tray: Tray, condition: TrayCondition) => void;
  readonly buildMenu: (template: MenuItemConstructorOptions[]) => Menu;
};

/** Menus are rebuilt no more often than this. */
const leastGapMs = 1000;

/** The tray, from `start` to `stop`. */
export class TrayDriver {
  readonly #parts: TrayParts;
  readonly #actions: TrayActions;
  #tray: Tray | null = null;
  #condition: TrayCondition = 'off';
  #view: TrayView | null = null;
  #shown = '';
  #lastMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: TrayParts, actions: TrayActions) {
    this.#parts = parts;
    this.#actions = actions;
  }

  /** Whether there is an icon. */
  isShown(): boolean {
    return this.#tray !== null;
  }

  /** Show the icon; its click opens the window. */
  start(): void {
    if (this.#tray !== null) return;
    this.#tray = this.#parts.makeTray(this.#condition);
    this.#tray.on('click', this.#actions.open);
    this.#shown = '';
    if (this.#view !== null) this.update(this.#view);
  }

  /** Take the icon away. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tray?.destroy();
    this.#tray = null;
  }

  /** Show `view`, now or as soon as a second has passed since the last change; of several only the last is shown. */
  update(view: TrayView): void {
    this.#view = view;
    if (this.#tray === null || this.#timer !== undefined) return;
    const waitMs = this.#lastMs + leastGapMs - performance.now();
    if (waitMs <= 0) return this.#rebuild();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#rebuild();
    }, waitMs);
  }

  #rebuild(): void {
    const [tray, view] = [this.#tray, this.#view];
    if (tray === null || view === null) return;
    const template = trayTemplate(view, this.#actions);
    const condition = view.link.state === 'connected' ? overallCondition(view.tunnels) : 'off';
    const now = JSON.stringify([condition, template]);
    if (now === this.#shown) return;
    this.#shown = now;
    this.#lastMs = performance.now();
    if (condition !== this.#condition) this.#parts.setIcon(tray, condition);
    this.#condition = condition;
    tray.setToolTip(`Culvert: ${summarize(view)}`);
    tray.setContextMenu(this.#parts.buildMenu(template));
  }
}
