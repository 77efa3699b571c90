import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { MenuItemConstructorOptions } from 'electron';
import { summarize, trayTemplate, type TrayActions, type TrayView } from '#electron/tray/tray-template.ts';
import { trayParts } from '#electron/tray/tray-icon.ts';
import { listTrayTunnels, overallCondition, type TrayTunnel, type TunnelsNow } from '#electron/tray/tray-tunnel.ts';
import { TrayDriver } from '#electron/tray/tray.ts';
import { exampleInterface, exampleStatus } from '#test/core/cli/fake-helper.ts';
import { FakeElectron } from '#test/support/electron/stand-in.ts';

const connected = { state: 'connected', message: 'Connected.', hint: '', command: null } as const;
const rate = { outBytes: 1000, inBytes: 2000, outPackets: 1, inPackets: 1 };
const office: TrayTunnel = { name: 'R&D office', isProfile: true, isWanted: true, condition: 'up', word: null, rate };
const home: TrayTunnel = {
  ...{ name: 'home', isProfile: false, isWanted: false, condition: 'off', word: null, rate: null },
};

function view(changes: Partial<TrayView> = {}): TrayView {
  const settings = { units: 'bits', onQuit: 'leave-up' } as const;
  return { link: connected, canOperate: true, tunnels: [office, home], settings, pausedUntil: null, ...changes };
}

function actions(told: string[] = []): TrayActions {
  return {
    toggle: ({ name }) => told.push(`toggle ${name}`),
    pause: (minutes) => told.push(`pause ${minutes}`),
    resume: () => told.push('resume'),
    disconnectAll: () => told.push('disconnect'),
    open: () => told.push('open'),
    quit: () => told.push('quit'),
  };
}

const labels = (items: readonly MenuItemConstructorOptions[]): readonly (string | undefined)[] =>
  items.filter(({ type }) => type !== 'separator').map(({ label }) => label);
const itemOf = (items: readonly MenuItemConstructorOptions[], label: string): MenuItemConstructorOptions | undefined =>
  items.find((item) => item.label?.startsWith(label));

test('the menu has each tunnel as a switch with its rates, and what can be done with all', () => {
  assert.deepEqual(labels(trayTemplate(view(), actions())), [
    '1 of 2 tunnels up',
    'R&&D office   ↑ 8 kb/s   ↓ 16 kb/s',
    'home',
    'Pause',
    'Disconnect all',
    'Open Culvert',
    'Quit (tunnels stay up)',
  ]);
  const menu = trayTemplate(view(), actions());
  assert.deepEqual([itemOf(menu, 'R&&D')?.checked, itemOf(menu, 'home')?.checked], [true, false]);
  assert.deepEqual(labels((itemOf(menu, 'Pause')?.submenu ?? []) as MenuItemConstructorOptions[]), [
    '5 minutes',
    '30 minutes',
    '60 minutes',
  ]);
});

test('who may not operate, and who has no helper, can look and open and quit', () => {
  const absent = { state: 'absent', message: 'no helper: gone', hint: '', command: null } as const;
  for (const changes of [{ canOperate: false }, { link: absent }]) {
    const menu = trayTemplate(view(changes), actions());
    for (const label of ['R&&D', 'Pause', 'Disconnect all']) assert.equal(itemOf(menu, label)?.enabled, false, label);
    assert.notEqual(itemOf(menu, 'Open Culvert')?.enabled, false);
  }
  assert.equal(summarize(view({ link: absent })), 'no helper: gone');
});

test('a pause says until when and can be ended; quitting says what it does to tunnels', () => {
  const menu = trayTemplate(view({ pausedUntil: '14:05' }), actions());
  assert.deepEqual([labels(menu)[0], itemOf(menu, 'Resume now')?.label], ['Paused until 14:05', 'Resume now']);
  const leaving = trayTemplate(view({ settings: { units: 'bits', onQuit: 'take-down' } }), actions());
  assert.ok(itemOf(leaving, 'Quit and disconnect'));
  assert.ok(labels(trayTemplate(view({ tunnels: [home] }), actions())).includes('Quit'));
});

test('a thousand tunnels make a menu that a screen holds', () => {
  const tunnels = Array.from({ length: 1000 }, (_, index) => ({ ...home, name: `t${index}` }));
  const menu = trayTemplate(view({ tunnels }), actions());
  assert.ok(menu.length < 40);
  assert.ok(itemOf(menu, 'All 1000 tunnels…'));
});

test('tunnels are told from profiles and interfaces, each once, with rates of two readings', () => {
  const counters = { ...exampleInterface.counters, outputBytes: 5252, inputBytes: 20480 };
  const status = { ...exampleStatus, nowMs: 5010, interfaces: [{ ...exampleInterface, counters }] };
  const now: TunnelsNow = { link: connected, canOperate: true, before: exampleStatus, status, profiles: [] };
  assert.deepEqual(listTrayTunnels(now), [
    {
      name: 'ipsec0',
      isProfile: false,
      isWanted: true,
      condition: 'up',
      word: null,
      rate: { outBytes: 1000, inBytes: 0, outPackets: 0, inPackets: 0 },
    },
  ]);
  const profile = (phase: string, tunnelState: string | null): never =>
    ({ profile: { name: 'office', interface: 'ipsec0' }, phase, tunnelState }) as never;
  const tell = (phase: string, state: string | null = null) =>
    listTrayTunnels({ ...now, profiles: [profile(phase, state)] }).map(({ name, condition }) => [name, condition]);
  assert.deepEqual(tell('on'), [['office', 'up']]);
  assert.deepEqual(tell('starting'), [['office', 'working']]);
  assert.deepEqual(tell('on', 'lost'), [['office', 'attention']], 'an interface of its name is another’s');
  assert.deepEqual(tell('failed'), [
    ['office', 'attention'],
    ['ipsec0', 'up'],
  ]);
  assert.deepEqual(listTrayTunnels({ ...now, link: { ...connected, state: 'absent' } }), []);
});

test('a tunnel that does not simply work says what it does, in the words of the list', () => {
  const now: TunnelsNow = { link: connected, canOperate: true, before: null, status: exampleStatus, profiles: [] };
  const tell = (phase: string, tunnelState: string | null) => {
    const profile = { profile: { name: 'office', interface: 'ipsec9' }, phase, tunnelState } as never;
    const [tunnel] = listTrayTunnels({ ...now, profiles: [profile] });
    return labels(trayTemplate(view({ tunnels: tunnel === undefined ? [] : [tunnel] }), actions()))[1];
  };
  assert.deepEqual(
    [tell('on', 'lost'), tell('on', 'hears-nothing'), tell('on', 'waiting-for-keys'), tell('on', 'off')],
    ['office: lost', 'office: sends only', 'office: waiting for keys', 'office: blocked'],
  );
  assert.deepEqual(
    [tell('on', 'errors'), tell('retrying', null), tell('starting', null), tell('on', 'up'), tell('off', null)],
    ['office: error', 'office: not up, tried again', 'office: connecting', 'office', 'office'],
  );
});

test('the icon shows the worst of all', () => {
  assert.equal(overallCondition([]), 'off');
  assert.equal(overallCondition([office, home]), 'up');
  assert.equal(overallCondition([office, { ...home, condition: 'attention' }]), 'attention');
});

function driver(t: TestContext, told: string[] = []) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const electron = new FakeElectron();
  const tray = new TrayDriver(
    trayParts(electron.asModule(), '/icons', () => false),
    actions(told),
  );
  return { electron, tray };
}

test('a hundred changes in a second make two menus, and the last one shown is the last', (t) => {
  const { electron, tray } = driver(t);
  tray.start();
  for (let change = 1; change <= 100; change += 1) tray.update(view({ pausedUntil: `${change}` }));
  assert.equal(electron.trays[0]?.menus.length, 1);
  t.mock.timers.tick(1001);
  assert.equal(electron.trays[0]?.menus.length, 2);
  assert.equal(electron.trays[0]?.menus[1]?.template[0]?.label, 'Paused until 100');
  tray.stop();
});

test('nothing is rebuilt when nothing has changed; the shape follows the condition', (t) => {
  const { electron, tray } = driver(t);
  tray.update(view());
  assert.equal(electron.trays.length, 0, 'no icon before the desktop has a place for it');
  tray.start();
  const icon = electron.trays[0];
  assert.deepEqual(icon?.image, { ...(icon?.image as object), path: '/icons/tray-up-dark.png' });
  assert.equal(icon?.tooltip, 'Culvert: 1 of 2 tunnels up');
  tray.update(view());
  t.mock.timers.tick(1001);
  assert.equal(icon?.menus.length, 1);
  tray.stop();
  assert.equal(icon?.isDestroyed, true);
  assert.equal(tray.isShown(), false);
});

test('a click on the icon opens the window', (t) => {
  const told: string[] = [];
  const { electron, tray } = driver(t, told);
  tray.start();
  electron.trays[0]?.emit('click');
  assert.deepEqual(told, ['open']);
  tray.stop();
});
