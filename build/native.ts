/**
 * `npm run build`: the native package is all that is compiled before it runs, and bootstrap has done that by now; so this
 * only looks whether it can be loaded.
 * @module
 */
import { createRequire } from 'node:module';

try {
  createRequire(import.meta.url)('tun-tap');
  process.stdout.write('culvert: core/tun-tap is built for this machine: culvertd can be started\n');
} catch (error) {
  const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  process.stderr.write(`culvert: core/tun-tap cannot be loaded: ${why}\n`);
  process.exitCode = 1;
}
