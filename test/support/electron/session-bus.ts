/**
 * A session bus of the test's own, which takes the test's user and the app's; and on it what a desktop has: a watcher
 * for tray icons and a server for notifications.
 * @module
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, firstLine } from './display.ts';

/** A running bus. */
export type TestBus = { readonly address: string; stop(): Promise<void> };

const configuration = (socket: string): string => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** Start a bus in `folder`. */
export async function startBus(folder: string): Promise<TestBus> {
  const file = join(folder, 'bus.conf');
  writeFileSync(file, configuration(join(folder, 'bus')));
  const words = [`--config-file=${file}`, '--nofork', '--print-address=1'];
  const child = spawn('dbus-daemon', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  return { address: await firstLine(child), stop: () => end(child) };
}
