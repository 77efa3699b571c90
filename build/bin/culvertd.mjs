#!/usr/bin/env node
/**
 * `culvertd` in a checkout or an installation.
 * @module
 */
import { readFileSync } from 'node:fs';
import { launch } from './launch.mjs';

// Less memory under load, of 127 MiB: what is young in the main thread's heap stays small, for it has little to do (8);
// worker threads have no copies of V8's builtins (4), and V8 one thread of its own rather than four (2). Decisions take
// as long.
const { nodeOptions } = JSON.parse(readFileSync(new URL('culvertd.json', import.meta.url), 'utf8'));
await launch('core/helper/main.ts', nodeOptions);
