'use strict';
/**
 * Loads the native package for this machine: `tun-tap.<platform>-<arch>[-gnu|-musl].node`, built beside this file.
 */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const candidates =
  process.platform === 'linux'
    ? [`linux-${process.arch}-gnu`, `linux-${process.arch}-musl`]
    : [`${process.platform}-${process.arch}`];
const files = candidates.map((target) => join(__dirname, `tun-tap.${target}.node`)).filter((file) => existsSync(file));

function missing(message, cause) {
  const hint = 'build it with "npm run build" in core/tun-tap (needs cargo, https://rustup.rs)';
  return Object.assign(new Error(`${message}: ${hint}`, { cause }), { code: 'HOST_NO_NATIVE' });
}

function load() {
  let cause;
  for (const file of files) {
    try {
      return require(file);
    } catch (error) {
      cause = error;
    }
  }
  if (cause !== undefined) throw missing(`the native package does not load (${cause.message})`, cause);
  throw missing(`the native package is not built for ${process.platform} on ${process.arch}`);
}

module.exports = load();
