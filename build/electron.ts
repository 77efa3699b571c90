/**
 * `node build/electron.ts`: the desktop app, built into dist/electron.
 * @module
 */
import { buildApp, releaseBuild } from './window/app.ts';

await buildApp(releaseBuild);
