/**
 * A Node.js that runs the TypeScript sources as they are: the running one, or the one that package.json brings along
 * as an optional dependency.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './say.mjs';

/** The oldest major version that the sources run on. */
export const oldestMajor = 24;

/** Path of a Node.js that is new enough. */
export function findCurrentNode(root) {
  if (Number(process.versions.node.split('.')[0]) >= oldestMajor) return process.execPath;
  const bundled = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(bundled)) return bundled;
  throw new SetupError(
    `Node.js ${process.versions.node} is too old for the sources and there is no package with a newer one for ` +
      `${process.platform} ${process.arch}: install Node.js ${oldestMajor} (https://nodejs.org)`,
  );
}
