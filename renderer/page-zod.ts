/**
 * zod as the page has it. zod compiles parsers where it may, and finds out by trying, which the page's policy forbids
 * and would report. The build of the page (`build/window/page-zod-plugin.ts`) puts this module in the place of zod, so
 * that every module that makes a schema imports it, and runs after it in whatever file the bundler puts either.
 * @module
 */
import { config, z } from 'zod';

config({ jitless: true });

/** zod's own. */
export { z };
