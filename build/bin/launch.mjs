/**
 * Starts a program of this checkout on a Node.js that runs TypeScript: in this process when it is one (which becomes
 * another with options of its own, under the same process id), otherwise in a child that gets terminal, arguments and
 * signals, and whose exit status is passed on. Plain JavaScript for Node.js 20.
 * @module
 */
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runCommand } from '../setup/child-process.mjs';
import { withCompileCache } from '../setup/compile-cache.mjs';
import { findCurrentNode } from '../setup/current-node.mjs';
import { SetupError } from '../setup/say.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Run `script`, a path within the checkout, with this process's arguments, on a Node.js with these options of its own. */
export async function launch(script, nodeOptions = []) {
  try {
    if (!existsSync(join(root, 'node_modules'))) throw new SetupError(`no node_modules in ${root}: run npm ci there`);
    const node = findCurrentNode(root);
    const path = join(root, script);
    useCompileCache();
    const args = [...nodeOptions, path, ...process.argv.slice(2)];
    if (node !== process.execPath) process.exitCode = await runCommand(node, args);
    else if (nodeOptions.length > 0 && process.execve) process.execve(node, [node, ...args]);
    else await import(pathToFileURL(path).href);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`culvert: ${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Workers and children look at the variable, this process has to be told. */
function useCompileCache() {
  process.env.NODE_COMPILE_CACHE = withCompileCache(root, process.env).NODE_COMPILE_CACHE;
  nodeModule.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}
