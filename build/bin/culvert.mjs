#!/usr/bin/env node
/**
 * `culvert` in a checkout or an installation.
 * @module
 */
import { launch } from './launch.mjs';

await launch('core/cli/main.ts');
