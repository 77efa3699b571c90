/**
 * The application's menu: everything in it has a key, and everything the page can be asked to show is in it.
 * @module
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { Push } from '#core/api/relay.ts';

/** A sheet that the menu opens. */
export type Place = Extract<Push, { kind: 'navigate' }>['to'];

/** What its items do. */
export type MenuActions = {
  readonly navigate: (to: Place) => void;
  readonly zoom: (step: 'in' | 'out' | 'reset') => void;
  readonly closeWindow: () => void;
  readonly quit: () => void;
};

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The menu for `platform`. */
export function menuTemplate(actions: MenuActions, platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const go = (label: string, to: Place, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => actions.navigate(to),
  });
  const settings = go('Settings…', 'settings', 'CmdOrCtrl+,');
  const quit: MenuItemConstructorOptions = { label: 'Quit Culvert', accelerator: 'CmdOrCtrl+Q', click: actions.quit };
  const about = go('About Culvert', 'about');
  const isMac = platform === 'darwin';
  return [
    ...(isMac ? [{ label: 'Culvert', submenu: [about, separator, settings, separator, quit] }] : []),
    {
      label: '&File',
      submenu: [
        go('New tunnel…', 'wizard', 'CmdOrCtrl+N'),
        go('Import…', 'import', 'CmdOrCtrl+O'),
        separator,
        ...(isMac ? [] : [settings, separator]),
        { label: 'Close window', accelerator: 'CmdOrCtrl+W', click: actions.closeWindow },
        ...(isMac ? [] : [quit]),
      ],
    },
    { label: '&Edit', submenu: editItems() },
    {
      label: '&View',
      submenu: [
        go('Tunnels', 'tunnels', 'CmdOrCtrl+1'),
        go('Events', 'events', 'CmdOrCtrl+2'),
        separator,
        { label: 'Larger', accelerator: 'CmdOrCtrl+Plus', click: () => actions.zoom('in') },
        { label: 'Smaller', accelerator: 'CmdOrCtrl+-', click: () => actions.zoom('out') },
        { label: 'As drawn', accelerator: 'CmdOrCtrl+0', click: () => actions.zoom('reset') },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    ...(isMac ? [] : [{ label: '&Help', submenu: [about] }]),
  ];
}

function editItems(): MenuItemConstructorOptions[] {
  return [
    { role: 'undo' },
    { role: 'redo' },
    separator,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ];
}
