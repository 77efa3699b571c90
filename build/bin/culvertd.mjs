#!/usr/bin/env node
/**
 * `culvertd` in a checkout or an installation.
 * @module
 */
import { launch } from './launch.mjs';

await launch('core/helper/main.ts');
