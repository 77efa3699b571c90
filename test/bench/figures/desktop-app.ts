/**
 * The desktop app over a culvertd with ten tunnels: how long a cold start takes until the list is painted, what its
 * processes hold, and what they take while nobody does anything, with the window shown and hidden: the app of the package.
 * Beside it the tray's menu of a thousand tunnels, and the size of the deb.
 * @module
 */
import { setTimeout } from 'node:timers/promises';
import { defaultShellSettings } from '#core/api/shell-contract.ts';
import { trayTemplate } from '#electron/tray/tray-template.ts';
import { listTrayTunnels } from '#electron/tray/tray-tunnel.ts';
import { exampleInterface, exampleStatus } from '#test/core/cli/fake-helper.ts';
import { DesktopKeys } from '#test/support/electron/desktop-keys.ts';
import { TestDesktop } from '#test/support/electron/test-desktop.ts';
import { TrayDesktop } from '#test/support/electron/tray-desktop.ts';
import type { Measured } from '../figure.ts';
import { listPaintedScript, untilNumber } from '../first-paint.ts';
import { debMiB, withPackagedApp, type PackagedApp } from '../app/packaged-app.ts';
import { familyOf, privateMiB } from '../process-family.ts';
import { RunningApp } from '../app/running-app.ts';
import { withTenTunnels } from '../ten-tunnels.ts';
import { leastIdleSeconds, measureShares, settleMs } from './desktop.ts';

const tunnelsInTray = 1000;

/** Measure `packaged`; each idle part takes `seconds`, twenty at least. */
export async function measureDesktopApp(packaged: PackagedApp | null, seconds: number): Promise<Measured> {
  const figures = { trayMenu: measureTrayMenu(), debSize: debMiB(packaged) };
  return withTenTunnels(async (culvertd) => {
    const desktop = await TestDesktop.start();
    try {
      const tray = await TrayDesktop.start(desktop.bus.address);
      try {
        const idleSeconds = Math.max(seconds, leastIdleSeconds);
        const measured = await withPackagedApp(packaged, desktop, (program) =>
          measureApp(desktop, program, culvertd.socket, idleSeconds),
        );
        return { ...figures, ...measured };
      } finally {
        tray.stop();
      }
    } finally {
      await desktop.stop();
    }
  });
}

async function measureApp(
  desktop: TestDesktop,
  program: readonly string[],
  socket: string,
  seconds: number,
): Promise<Measured> {
  const keys = await DesktopKeys.start(desktop);
  const app = await RunningApp.start(desktop, program, socket);
  try {
    const appFirstPaint = (await untilNumber(() => app.evaluate(listPaintedScript))) - app.startedMs;
    await setTimeout(settleMs);
    const appMemory = privateMiB(familyOf(app.pid));
    const { appIdleShown } = await measureShares({ appIdleShown: familyOf(app.pid) }, seconds);
    await app.hide(keys);
    await setTimeout(settleMs);
    const { appIdleHidden } = await measureShares({ appIdleHidden: familyOf(app.pid) }, seconds);
    return { appFirstPaint, appMemory, appIdleShown, appIdleHidden };
  } finally {
    await app.stop();
    await keys.stop();
  }
}

/** From what the helper says to the menu's template. A program that runs has done it before: the best of some. */
function measureTrayMenu(): number {
  const interfaces = Array.from({ length: tunnelsInTray }, (_, unit) => ({
    ...exampleInterface,
    name: `ipsec${unit}`,
  }));
  const status = { ...exampleStatus, interfaces };
  const link = { state: 'connected', message: '', hint: '', command: null } as const;
  const now = {
    link,
    canOperate: true,
    before: status,
    status: { ...status, nowMs: status.nowMs + 1000 },
    profiles: [],
  };
  const nothing = (): void => {};
  const actions = {
    ...{ toggle: nothing, pause: nothing, resume: nothing, disconnectAll: nothing, open: nothing, quit: nothing },
  };
  const times = Array.from({ length: 20 }, () => {
    const startedMs = performance.now();
    const tunnels = listTrayTunnels(now);
    trayTemplate({ link, canOperate: true, tunnels, settings: defaultShellSettings, pausedUntil: null }, actions);
    return performance.now() - startedMs;
  });
  return Math.min(...times);
}
