/**
 * The shell's part of the contract where the window is a browser's: settings lie on this machine; files, clipboard and
 * links are the browser's own business, and the page does them itself (renderer/bridge/browser-shell.ts).
 * @module
 */
import { changeSettings, type Shell } from '#core/api/shell-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import type { ShellHandlers } from '#core/client/relay.ts';
import { loadSettings, saveSettings } from '#core/client/shell-settings.ts';

/** Handlers over the settings at `path`. `problem` is told once, of a file that could not be read. */
export function createBrowserShell(
  path: string,
  version: string,
  onRetry: () => void,
): { readonly handlers: ShellHandlers; readonly problem: string | null } {
  const { settings: found, problem } = loadSettings(path);
  let settings = found;
  const describe = (): Shell => ({
    kind: 'browser',
    version,
    platform: process.platform,
    hasTray: null,
    isTestRuntime: false,
    problem,
    settings,
  });
  const notHere = (): never => {
    throw new IpsecError('API_UNKNOWN_METHOD', 'the browser does this itself');
  };
  const handlers: ShellHandlers = {
    'shell.describe': describe,
    'shell.setSettings': (changes) => {
      const next = changeSettings(settings, changes);
      saveSettings(path, next);
      settings = next;
      return describe();
    },
    'shell.saveFile': notHere,
    'shell.openFile': notHere,
    'shell.copy': notHere,
    'shell.openLink': notHere,
    'shell.licenses': () => ({ text: null }),
    'shell.startHelper': () => {
      onRetry();
      return {};
    },
  };
  return { handlers, problem };
}
