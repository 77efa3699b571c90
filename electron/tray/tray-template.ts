/**
 * The tray's menu from what is known: pure, so that every state of it is a test.
 * @module
 */
import type { MenuItemConstructorOptions } from 'electron';
import { counted } from '#core/base/counted.ts';
import { formatRate } from '#core/api/reading/rate.ts';
import type { HelperLink } from '#core/api/relay.ts';
import type { ShellSettings } from '#core/api/shell-contract.ts';
import type { TrayTunnel } from './tray-tunnel.ts';

/** Everything that the menu shows. */
export type TrayView = {
  readonly link: HelperLink;
  readonly canOperate: boolean;
  readonly tunnels: readonly TrayTunnel[];
  readonly settings: Pick<ShellSettings, 'units' | 'onQuit'>;
  /** Until when tunnels are paused, as a clock shows it; null when they are not. */
  readonly pausedUntil: string | null;
};

/** What a click does. */
export type TrayActions = {
  readonly toggle: (tunnel: TrayTunnel) => void;
  readonly pause: (minutes: number) => void;
  readonly resume: () => void;
  readonly disconnectAll: () => void;
  readonly open: () => void;
  readonly quit: () => void;
};

/** Tunnels that a menu shows; the window has the others. */
const mostShown = 25;

/** How long tunnels may be paused. */
const pauseMinutes = [5, 30, 60] as const;

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The menu. */
export function trayTemplate(view: TrayView, actions: TrayActions): MenuItemConstructorOptions[] {
  const canChange = view.canOperate && view.link.state === 'connected';
  const isAnyWanted = view.tunnels.some(({ isWanted }) => isWanted);
  return [
    { label: summarize(view), enabled: false },
    separator,
    ...tunnelItems(view, actions, canChange),
    ...(view.tunnels.length > 0 ? [separator] : []),
    pauseItem(view, actions, canChange && isAnyWanted),
    { label: 'Disconnect all', enabled: canChange && isAnyWanted, click: actions.disconnectAll },
    separator,
    { label: 'Open Culvert', click: actions.open },
    { label: quitLabel(view, isAnyWanted), click: actions.quit },
  ];
}

/** One line about all tunnels, for the menu and the tooltip. */
export function summarize({ link, tunnels, pausedUntil }: TrayView): string {
  if (link.state !== 'connected') return link.message === '' ? 'No helper' : link.message;
  if (pausedUntil !== null) return `Paused until ${pausedUntil}`;
  if (tunnels.length === 0) return 'No tunnels';
  const trouble = tunnels.filter(({ condition }) => condition === 'attention').length;
  const up = tunnels.filter(({ condition }) => condition === 'up').length;
  const count = `${up} of ${counted(tunnels.length, 'tunnel')} up`;
  return trouble === 0 ? count : `${count}, ${trouble} in trouble`;
}

function tunnelItems(
  { tunnels, settings }: TrayView,
  actions: TrayActions,
  canChange: boolean,
): MenuItemConstructorOptions[] {
  const shown = tunnels.slice(0, mostShown).map((tunnel): MenuItemConstructorOptions => ({
    type: 'checkbox',
    label: tunnelLabel(tunnel, settings.units),
    checked: tunnel.isWanted,
    enabled: canChange,
    click: () => actions.toggle(tunnel),
  }));
  if (tunnels.length <= mostShown) return shown;
  return [...shown, { label: `All ${tunnels.length} tunnels…`, click: actions.open }];
}

/** In a menu's label an ampersand marks a key and an underscore may. */
function tunnelLabel({ name, word, rate }: TrayTunnel, units: 'bits' | 'bytes'): string {
  const text = name.replaceAll('&', '&&');
  if (word !== null) return `${text}: ${word}`;
  if (rate === null || (rate.outBytes === 0 && rate.inBytes === 0)) return text;
  return `${text}   ↑ ${formatRate(rate.outBytes, units)}   ↓ ${formatRate(rate.inBytes, units)}`;
}

function pauseItem({ pausedUntil }: TrayView, actions: TrayActions, canPause: boolean): MenuItemConstructorOptions {
  if (pausedUntil !== null) return { label: 'Resume now', click: actions.resume };
  return {
    label: 'Pause',
    enabled: canPause,
    submenu: pauseMinutes.map((minutes) => ({ label: `${minutes} minutes`, click: () => actions.pause(minutes) })),
  };
}

/** Quitting ends a pause: nobody would be there to end it. What that does to tunnels stands in the label. */
function quitLabel({ settings, pausedUntil }: TrayView, isAnyWanted: boolean): string {
  if (pausedUntil !== null) {
    return settings.onQuit === 'take-down' ? 'Quit (paused tunnels stay down)' : 'Quit (paused tunnels come back)';
  }
  if (!isAnyWanted) return 'Quit';
  return settings.onQuit === 'take-down' ? 'Quit and disconnect' : 'Quit (tunnels stay up)';
}
