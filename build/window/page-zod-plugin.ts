/**
 * Has all of the page take zod from `renderer/page-zod.ts`. An import of a set-up module at the page's start would not
 * do: schemas that lazily loaded screens share go to a file of their own, which runs before the start's file does.
 * @module
 */
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

const pageZod = resolve('renderer/page-zod.ts');

/** The plugin. */
export const pageZodPlugin: Plugin = {
  name: 'culvert-page-zod',
  enforce: 'pre',
  resolveId: (source, importer) => (source === 'zod' && importer !== pageZod ? pageZod : null),
};
