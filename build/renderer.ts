/**
 * `node build/renderer.ts`: the window's page, built by Vite into dist/renderer.
 * @module
 */
import { buildPage, releasePage } from './window/page.ts';

await buildPage(releasePage);
