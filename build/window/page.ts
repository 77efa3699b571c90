/**
 * The window's page, built by Vite. Every request stays in its folder.
 * @module
 */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type Plugin, type PluginOption } from 'vite';
import { pageZodPlugin } from './page-zod-plugin.ts';

/** What the page is built for. */
export type PageBuild = {
  /** Where it goes; emptied first. */
  readonly folder: string;
  /** The oldest engine it shall run in, in Vite's words. */
  readonly target: string;
  /** Modules that run before the page's own: for an engine that lacks something. Empty in a release. */
  readonly prelude: readonly string[];
};

/** The page that ships, in a package's programs and from a checkout: for the engines of today, with nothing but itself. */
export const releasePage: PageBuild = { folder: 'dist/renderer', target: 'es2024', prelude: [] };

/** Build the page. */
export async function buildPage({ folder, target, prelude }: PageBuild): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: 'renderer',
    base: './',
    plugins: [...pagePlugins(), ...(prelude.length === 0 ? [] : [preludePlugin(prelude)])],
    build: {
      outDir: resolve(folder),
      emptyOutDir: true,
      target,
      cssTarget: target,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1000,
    },
  });
}

/** What every build of the page is made with. */
export function pagePlugins(): readonly PluginOption[] {
  return [react(), fontPreloads, pageZodPlugin];
}

/** Fonts of the first screen: a browser finds them late, and paints no text before it has them. */
const firstFonts = /ibm-plex-(?:sans-latin-[456]00|sans-condensed-latin-[46]00|mono-latin-400)-normal-[\w-]+\.woff2$/;

/** Has the page name those fonts in its head. */
const fontPreloads: Plugin = {
  name: 'culvert-font-preloads',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((name) => firstFonts.test(name))
        .map((name) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `./${name}`, crossorigin: true },
          injectTo: 'head' as const,
        })),
  },
};

function preludePlugin(prelude: readonly string[]): Plugin {
  const imports = prelude.map((name) => `import '${name}';\n`).join('');
  return {
    name: 'culvert-prelude',
    enforce: 'pre',
    transform: (code, id) => (id === resolve('renderer/main.tsx') ? imports + code : null),
  };
}
