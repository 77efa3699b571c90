/**
 * Which picture the tray shows: one shape for each condition, in the colour that the panel's own needs.
 * @module
 */
import { join } from 'node:path';
import type * as Electron from 'electron';
import type { TrayCondition } from './tray-tunnel.ts';
import type { TrayParts } from './tray.ts';

/** Colours that the pictures are drawn in: dark for light panels, light for dark ones. */
export type TrayInk = 'dark' | 'light';

/** File name of the picture, in the app's folder of icons. */
export function trayIconName(condition: TrayCondition, ink: TrayInk): string {
  return `tray-${condition}-${ink}.png`;
}

/** The colour for this desktop. GNOME's panel is dark whatever the theme; a template image on macOS is drawn in dark. */
export function trayInk(platform: NodeJS.Platform, desktop: string | undefined, isDarkTheme: boolean): TrayInk {
  if (platform === 'darwin') return 'dark';
  const isGnome = (desktop ?? '').split(':').includes('GNOME');
  return isGnome || isDarkTheme ? 'light' : 'dark';
}

/** The driver's parts, of Electron; the panel is drawn in the desktop's theme, not in the app's. */
export function trayParts(electron: typeof Electron, folder: string, isDarkDesktop: () => boolean): TrayParts {
  const { Menu, nativeImage, Tray } = electron;
  const picture = (condition: TrayCondition): Electron.NativeImage => {
    const ink = trayInk(process.platform, process.env['XDG_CURRENT_DESKTOP'], isDarkDesktop());
    const image = nativeImage.createFromPath(join(folder, trayIconName(condition, ink)));
    image.setTemplateImage(process.platform === 'darwin');
    return image;
  };
  return {
    makeTray: (condition) => new Tray(picture(condition)),
    setIcon: (tray, condition) => tray.setImage(picture(condition)),
    buildMenu: (template) => Menu.buildFromTemplate(template),
  };
}
