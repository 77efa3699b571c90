/**
 * `node build/renderer.ts`: the window's page, built by Vite into dist/renderer.
 * @module
 */
import { buildPage } from './window/page.ts';

await buildPage({ folder: 'dist/renderer', target: 'es2024', prelude: [] });
