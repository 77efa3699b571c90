/**
 * The shell's part of the contract, done by the desktop: settings, files, clipboard, links, the helper's start. What a
 * method needs of Electron is handed in, so that each is a test without it.
 * @module
 */
import { changeSettings, type Shell, type ShellSettings } from '#core/api/shell-contract.ts';
import type { ShellHandlers } from '#core/client/relay.ts';
import { saveSettings } from '#core/client/shell-settings.ts';
import { openChosenFile, saveChosenFile, type FileDialogs } from './chosen-file.ts';
import { linkAddress } from './links.ts';
import type { SecretClipboard } from './secret-clipboard.ts';

/** What the handlers stand on. */
export type DesktopShellParts = {
  readonly version: string;
  readonly isTestRuntime: boolean;
  /** What was wrong with the file of settings. */
  readonly problem: string | null;
  readonly settingsPath: string;
  /** Known only after the desktop was asked. */
  readonly hasTray: () => Promise<boolean>;
  readonly dialogs: FileDialogs;
  readonly clipboard: SecretClipboard;
  readonly openExternal: (address: string) => Promise<void>;
  readonly setAutostart: (isWanted: boolean) => void;
  readonly startHelper: () => Promise<void>;
  /** The package's text; null without a package. */
  readonly readLicenses: () => string | null;
  readonly onSettings: (settings: ShellSettings) => void;
};

/** The shell: handlers of its methods, and the settings as they are now. */
export type DesktopShell = { readonly handlers: ShellHandlers; settings(): ShellSettings };

/** A shell with `found` for its settings. */
export function createDesktopShell(parts: DesktopShellParts, found: ShellSettings): DesktopShell {
  let settings = found;
  const describe = async (): Promise<Shell> => ({
    kind: 'desktop',
    version: parts.version,
    platform: process.platform,
    hasTray: await parts.hasTray(),
    isTestRuntime: parts.isTestRuntime,
    problem: parts.problem,
    settings,
  });
  const handlers: ShellHandlers = {
    'shell.describe': describe,
    'shell.setSettings': (changes) => {
      const next = changeSettings(settings, changes);
      if (next.startAtLogin !== settings.startAtLogin) parts.setAutostart(next.startAtLogin);
      saveSettings(parts.settingsPath, next);
      settings = next;
      parts.onSettings(settings);
      return describe();
    },
    'shell.saveFile': (request) => saveChosenFile(parts.dialogs, request),
    'shell.openFile': () => openChosenFile(parts.dialogs),
    'shell.copy': async ({ text, isSecret }) => {
      await parts.clipboard.copy(text, isSecret);
      return {};
    },
    'shell.openLink': async ({ link }) => {
      await parts.openExternal(linkAddress(link));
      return {};
    },
    'shell.licenses': () => ({ text: parts.readLicenses() }),
    'shell.startHelper': async () => {
      await parts.startHelper();
      return {};
    },
  };
  return { handlers, settings: () => settings };
}
