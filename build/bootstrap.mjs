/**
 * `node build/bootstrap.mjs COMMAND [ARGUMENT…]`: does all the set-up that COMMAND needs, then runs it on a current
 * Node.js. Plain JavaScript for the Node.js 20 of many systems, using nothing but Node.js itself.
 * @module
 */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './setup/child-process.mjs';
import { commands } from './setup/commands.mjs';
import { withCompileCache } from './setup/compile-cache.mjs';
import { findCurrentNode } from './setup/current-node.mjs';
import { installDebianPackages } from './setup/debian-packages.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { buildNativeAddon, pathWithCargo } from './setup/native-addon.mjs';
import { say, SetupError } from './setup/say.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function main([name, ...args]) {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (command === undefined) {
    say(`usage: node build/bootstrap.mjs ${Object.keys(commands).join(' | ')}`);
    return 1;
  }
  await installDependencies(root);
  const node = findCurrentNode(root);
  await installDebianPackages(command.packages);
  if (command.native) await buildNativeAddon(root, node);
  const [script, ...first] = command.run;
  if (!existsSync(join(root, script))) throw new SetupError(`${name}: ${script} is missing`);
  const path = [dirname(node), pathWithCargo(), '/usr/sbin', '/sbin'].join(delimiter);
  const env = withCompileCache(root, { ...process.env, PATH: path });
  return runCommand(node, [script, ...first, ...args], { cwd: root, env });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
