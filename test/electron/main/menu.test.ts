import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MenuItemConstructorOptions } from 'electron';
import { menuTemplate } from '#electron/main/menu.ts';

function allItems(template: readonly MenuItemConstructorOptions[]): readonly MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? allItems(item.submenu) : [])]);
}

const click = (item: MenuItemConstructorOptions | undefined): void =>
  void (item?.click as (() => void) | undefined)?.();

for (const platform of ['linux', 'darwin'] as const) {
  test(`on ${platform} no two items have one key, and none opens the tools of a developer`, () => {
    const items = allItems(menuTemplate({ navigate() {}, zoom() {}, closeWindow() {}, quit() {} }, platform));
    const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
    assert.equal(new Set(keys).size, keys.length);
    const roles = items.map(({ role }) => role);
    for (const role of ['toggleDevTools', 'reload', 'forceReload'] as const) assert.ok(!roles.includes(role), role);
  });
}

test('items say where to go, and quit asks the app', () => {
  const told: string[] = [];
  const items = allItems(
    menuTemplate(
      {
        navigate: (to) => told.push(to),
        zoom: (step) => told.push(step),
        closeWindow: () => told.push('close'),
        quit: () => told.push('quit'),
      },
      'linux',
    ),
  );
  for (const label of ['New tunnel…', 'Settings…', 'About Culvert', 'As drawn', 'Close window', 'Quit Culvert'])
    click(items.find((item) => item.label === label));
  assert.deepEqual(told, ['wizard', 'settings', 'about', 'reset', 'close', 'quit']);
});
