/**
 * `culvert`: the process around the command line.
 * @module
 */
import { readFileSync } from 'node:fs';
import { runCulvert } from './program.ts';
import { processTerminal } from './terminal.ts';

// A reader that went away (culvert … | head) is no failure worth a stack trace.
process.stdout.on('error', () => process.exit(1));

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';

process.exitCode = await runCulvert(process.argv.slice(2), {
  terminal: processTerminal(),
  version,
  socketPath: process.env['CULVERT_SOCKET'],
});
