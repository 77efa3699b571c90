import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DesktopTheme } from '#electron/main/desktop-theme.ts';

/** As Electron: what it tells is the app's own theme once that was chosen. */
function nativeTheme(desktop: { isDark: boolean }) {
  return {
    themeSource: 'system' as 'system' | 'light' | 'dark',
    get shouldUseDarkColors(): boolean {
      return this.themeSource === 'system' ? desktop.isDark : this.themeSource === 'dark';
    },
  };
}

test('the desktop’s theme is known whatever the app’s is', () => {
  const desktop = { isDark: true };
  const native = nativeTheme(desktop);
  const theme = new DesktopTheme(native);
  theme.apply('light-contrast');
  assert.equal(native.themeSource, 'light');
  assert.equal(theme.isDark(), true);
  theme.apply('dark');
  desktop.isDark = false;
  theme.apply('dark');
  assert.equal(native.themeSource, 'dark');
  assert.equal(theme.isDark(), false);
});

test('while the app follows the desktop, a change of it is seen', () => {
  const desktop = { isDark: false };
  const theme = new DesktopTheme(nativeTheme(desktop));
  theme.apply('system');
  assert.equal(theme.isDark(), false);
  desktop.isDark = true;
  assert.equal(theme.isDark(), true);
});
