/**
 * What the window asks of the program that shows it (Electron's main process, or `culvert ui` with a browser), beside
 * the helper's contract: settings of the person, files and the clipboard. No path, URL or command ever comes from the
 * window: files are chosen in the shell's own dialog, links are names of a fixed list.
 * @module
 */
import { given } from '#core/base/given.ts';
import { z } from 'zod';
import { longestText } from './text-limit.ts';

/** Themes; `system` follows the desktop. */
export const themes = ['system', 'light', 'dark', 'light-contrast', 'dark-contrast'] as const;

/** Pages outside that the window may ask to open, by name. */
export const linkNames = ['manual'] as const;

/** What goes through a file dialog. */
const fileText = z.string().max(longestText);

/** How long a secret stays on the clipboard. */
export const secretOnClipboardMs = 60_000;

/** What a person sets for the window; the helper knows nothing of it. */
export const shellSettingsSchema = z.object({
  startAtLogin: z.boolean(),
  closeToTray: z.boolean(),
  theme: z.enum(themes),
  /** Rates in bits or in bytes a second. */
  units: z.enum(['bits', 'bytes']),
  /** Which changes are worth a notification of the desktop. */
  notifications: z.enum(['all', 'trouble', 'none']),
  /** What happens to tunnels when the person quits. */
  onQuit: z.enum(['leave-up', 'take-down']),
});

/** What a person has who has set nothing. */
export const defaultShellSettings: ShellSettings = {
  startAtLogin: false,
  closeToTray: true,
  theme: 'system',
  units: 'bits',
  notifications: 'trouble',
  onQuit: 'leave-up',
};

/** The program around the window. */
const shellSchema = z.object({
  kind: z.enum(['desktop', 'browser']),
  version: z.string(),
  platform: z.string(),
  /** Whether a tray shows our icon; null where it cannot be known. */
  hasTray: z.boolean().nullable(),
  /** A runtime that is for tests only, and says so on screen. */
  isTestRuntime: z.boolean(),
  /** What was wrong with the file of settings; null for nothing. */
  problem: z.string().nullable(),
  settings: shellSettingsSchema,
});

const nothing = z.object({});
/** Unknown fields are refused in parameters: one that is misspelt is not to be lost. */
const noParams = z.strictObject({});

/** method → what it takes, what it gives. */
export const shellContract = {
  'shell.describe': { params: noParams, result: shellSchema },
  'shell.setSettings': { params: shellSettingsSchema.strict().partial(), result: shellSchema },
  /** Ask the person where to, and write `text` there: mode 0600 when it is a secret. */
  'shell.saveFile': {
    params: z.strictObject({
      suggestedName: z.string().regex(/^[\w.-]{1,80}$/),
      text: fileText,
      isSecret: z.boolean(),
    }),
    result: z.object({ isSaved: z.boolean() }),
  },
  /** Ask the person for a file; null when they chose none. */
  'shell.openFile': {
    params: noParams,
    result: z.object({ file: z.object({ name: z.string().max(255), text: fileText }).nullable() }),
  },
  /** Copy `text`; a secret is taken off the clipboard after a minute, where the shell can do that. */
  'shell.copy': { params: z.strictObject({ text: fileText, isSecret: z.boolean() }), result: nothing },
  'shell.openLink': { params: z.strictObject({ link: z.enum(linkNames) }), result: nothing },
  /** Licences of all that the package carries, in full; null where the window is no package's, or a browser's. */
  'shell.licenses': { params: noParams, result: z.object({ text: z.string().nullable() }) },
  /** Start the helper as the desktop allows it (polkit, launchd); the link's state says how it went. */
  'shell.startHelper': { params: noParams, result: nothing },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;

/** A method's name. */
export type ShellMethod = keyof typeof shellContract;
/** What a person sets for the window. */
export type ShellSettings = z.output<typeof shellSettingsSchema>;
/** The program around the window. */
export type Shell = z.output<typeof shellSchema>;

/** `settings` with what `changes` has; what it leaves out stays. */
export function changeSettings(settings: ShellSettings, changes: ShellSettingsChange): ShellSettings {
  return { ...settings, ...given(changes) };
}

/** Some of the settings. */
type ShellSettingsChange = z.output<(typeof shellContract)['shell.setSettings']['params']>;
