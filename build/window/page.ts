/**
 * The window's page, built by Vite. Every request stays in its folder.
 * @module
 */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';

/** What the page is built for. */
export type PageBuild = {
  /** Where it goes; emptied first. */
  readonly folder: string;
  /** The oldest engine it shall run in, in Vite's words. */
  readonly target: string;
  /** Modules that run before the page's own: for an engine that lacks something. Empty in a release. */
  readonly prelude: readonly string[];
};

/** Build the page. */
export async function buildPage({ folder, target, prelude }: PageBuild): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: 'renderer',
    base: './',
    plugins: [react(), ...(prelude.length === 0 ? [] : [preludePlugin(prelude)])],
    build: {
      outDir: resolve(folder),
      emptyOutDir: true,
      target,
      cssTarget: target,
      assetsInlineLimit: 0,
      modulePreload: false,
      chunkSizeWarningLimit: 1000,
    },
  });
}

function preludePlugin(prelude: readonly string[]): Plugin {
  const imports = prelude.map((name) => `import '${name}';\n`).join('');
  return {
    name: 'culvert-prelude',
    enforce: 'pre',
    transform: (code, id) => (id === resolve('renderer/main.tsx') ? imports + code : null),
  };
}
