/**
 * `node build/renderer.ts`: the window's page, built by Vite into dist/renderer. Every request stays in that folder.
 * @module
 */
import react from '@vitejs/plugin-react';
import { build } from 'vite';

await build({
  configFile: false,
  logLevel: 'warn',
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: false,
  },
});
