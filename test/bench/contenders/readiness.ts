/**
 * Waiting for a daemon to be ready, with the time that it took.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '#examples/two-gateways/netns/process.ts';

const patienceMs = 20_000;
const stepMs = 5;

/** Wait until `isReady` says so; gives milliseconds since `started`. @throws Error when the daemon ends before, or time is up. */
export async function untilReady(
  what: string,
  daemon: Running,
  started: number,
  isReady: () => boolean | Promise<boolean>,
): Promise<number> {
  for (;;) {
    if (await isReady()) return performance.now() - started;
    const { status, stdout, stderr } = daemon.said();
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-3).join(' / ');
    if (status !== -1) throw new Error(`${what} ended: ${said}`);
    if (performance.now() - started > patienceMs) throw new Error(`${what} is not ready: ${said}`);
    await sleep(stepMs);
  }
}
