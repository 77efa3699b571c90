/**
 * Two themes: the app's, which the person may have chosen, and the desktop's, which panels are drawn in. Electron tells
 * the desktop's only while the app follows it.
 * @module
 */
import type { NativeTheme } from 'electron';
import type { ShellSettings } from '#core/api/shell-contract.ts';

/** Both, from Electron's one. */
export class DesktopTheme {
  readonly #native: Pick<NativeTheme, 'themeSource' | 'shouldUseDarkColors'>;
  #isDark: boolean;

  constructor(native: Pick<NativeTheme, 'themeSource' | 'shouldUseDarkColors'>) {
    this.#native = native;
    this.#isDark = native.shouldUseDarkColors;
  }

  /** Whether the desktop is dark, whatever the app is. */
  isDark(): boolean {
    if (this.#native.themeSource === 'system') this.#isDark = this.#native.shouldUseDarkColors;
    return this.#isDark;
  }

  /** Show the app in `theme`; the desktop's is asked once before. */
  apply(theme: ShellSettings['theme']): void {
    this.#native.themeSource = 'system';
    this.isDark();
    if (theme !== 'system') this.#native.themeSource = theme.startsWith('dark') ? 'dark' : 'light';
  }
}
