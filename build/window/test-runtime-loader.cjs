/**
 * What the test runtime starts with: takes the first word that is no option for the folder of an app and starts it, as
 * Electron's own default app does. `-r FILE` loads files before it.
 * @module
 */
'use strict';
const { app } = require('electron');
const { join, resolve } = require('node:path');

const words = process.argv.slice(1);
const folder = resolve(takeWords(words));
const manifest = require(join(folder, 'package.json'));
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version);
app.setAppPath(folder);
require(join(folder, manifest.main));

/** The app's folder; what `-r` names is loaded, and both words are taken out of the process's own. */
function takeWords(given) {
  for (let index = 0; index < given.length; index += 1) {
    if (given[index] === '-r') {
      const file = given[(index += 1)];
      process.argv.splice(process.argv.indexOf('-r'), 2);
      require(resolve(file));
    } else if (!given[index].startsWith('-')) {
      return given[index];
    }
  }
  return '.';
}
