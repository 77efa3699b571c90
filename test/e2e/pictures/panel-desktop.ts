/**
 * A desktop as people see one, around the app: Xfce's window manager and panel, and a server that shows notifications. All
 * of it runs as the app's user, on the screen and the bus of a test's desktop.
 * @module
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram } from '#build/test/machine.ts';
import { end } from '#test/support/electron/display.ts';
import { appUser, TestDesktop } from '#test/support/electron/test-desktop.ts';
import { until } from '#test/support/until.ts';

/** A part of the screen, from its left upper corner. */
export type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

const programs = ['xfwm4', 'xfce4-panel', 'dunst', 'import', 'xdotool'];

/** Where Debian lays the settings' daemon. */
const settingsDaemon = globSync('/usr/lib/*/xfce4/xfconf/xfconfd')[0];

/** The panel's height, and where its tray begins from the right: behind it stands the clock. */
const panelHeight = 30;

const panelSettings = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="${panelHeight}"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
`;

/** Notifications in the upper right corner, below the panel. */
const noticeSettings = (theme: 'light' | 'dark'): string => `[global]
  origin = top-right
  offset = 12x42
  width = (300, 380)
  font = Sans 10
  frame_width = 1
  icon_position = left
  max_icon_size = 48
  frame_color = "#8a8a80"
  show_indicators = no
  background = "${theme === 'dark' ? '#353535' : '#f6f5f4'}"
  foreground = "${theme === 'dark' ? '#eeeeec' : '#2e3436'}"
`;

/** The desktop. */
export class PanelDesktop {
  readonly desktop: TestDesktop;
  readonly #children: ChildProcess[] = [];

  private constructor(desktop: TestDesktop) {
    this.desktop = desktop;
  }

  /** What is missing for it; null when all is there. */
  static missing(): string | null {
    return programs.find((program) => !hasProgram(program)) ?? (settingsDaemon === undefined ? 'xfconfd' : null);
  }

  /** Start one, with dark panels and frames or light ones, and wait for its panel. */
  static async start(theme: 'light' | 'dark'): Promise<PanelDesktop> {
    const look = { GTK_THEME: theme === 'dark' ? 'Adwaita:dark' : 'Adwaita', NO_AT_BRIDGE: '1' };
    const shown = new PanelDesktop(await TestDesktop.start(look));
    try {
      shown.#writeSettings('xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml', panelSettings);
      shown.#writeSettings('dunst/dunstrc', noticeSettings(theme));
      const bus = shown.desktop.bus.address;
      shown.#run(settingsDaemon ?? '');
      await until(() => isOwned(bus, 'org.xfce.Xfconf'));
      shown.#run('xfwm4', '--compositor=off');
      shown.#run('dunst', '-config', join(shown.desktop.configFolder, 'dunst/dunstrc'));
      shown.#run('xfce4-panel', '--disable-wm-check');
      await until(() => isOwned(bus, 'org.kde.StatusNotifierWatcher'));
      return shown;
    } catch (error) {
      await shown.stop();
      throw error;
    }
  }

  /** Take a picture of `area`, or of the window of that title with its frame. */
  take(path: string, what: Area | string): void {
    const words =
      typeof what === 'string'
        ? ['-frame', '-window', this.#windowId(what)]
        : ['-window', 'root', '-crop', `${what.width}x${what.height}+${what.x}+${what.y}`, '+repage'];
    execFileSync('import', [...words, path], { env: this.desktop.environment });
  }

  /** Click somewhere on the screen: 1 is the left button, 3 the right one. */
  click(x: number, y: number, button: 1 | 3): void {
    this.#type('mousemove', String(x), String(y), 'click', String(button));
  }

  /** Press a key. */
  press(key: string): void {
    this.#type('key', key);
  }

  /** End all of it. */
  async stop(): Promise<void> {
    for (const child of this.#children.reverse()) await end(child);
    await this.desktop.stop();
  }

  #windowId(title: string): string {
    return this.#type('search', '--onlyvisible', '--name', `^${title}$`).trim().split('\n')[0] ?? '';
  }

  #type(...words: readonly string[]): string {
    return execFileSync('xdotool', [...words], { env: this.desktop.environment, encoding: 'utf8' });
  }

  #run(program: string, ...words: readonly string[]): void {
    const env = this.desktop.environment;
    this.#children.push(spawn(program, [...words], { env, uid: appUser, gid: appUser, stdio: 'ignore', cwd: '/' }));
  }

  #writeSettings(path: string, text: string): void {
    const parts = path.split('/');
    for (const [index] of parts.entries()) {
      const folder = join(this.desktop.configFolder, ...parts.slice(0, index));
      if (!existsSync(folder)) mkdirSync(folder);
      chownSync(folder, appUser, appUser);
    }
    const file = join(this.desktop.configFolder, path);
    writeFileSync(file, text);
    chownSync(file, appUser, appUser);
  }
}

function isOwned(bus: string, name: string): boolean {
  const words = ['--print-reply=literal', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner'];
  const answer = execFileSync('dbus-send', [`--bus=${bus}`, ...words, `string:${name}`], { encoding: 'utf8' });
  return answer.includes('true');
}
