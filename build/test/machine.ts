/**
 * What this machine has for tests: programs, root, devices.
 * @module
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findTestRuntime, missingForTestRuntime } from '../window/test-runtime.ts';

/** Whether `program` is in PATH. */
export function hasProgram(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What is missing for network namespaces with real devices; null when all is there. */
export function missingForNamespaces(): string | null {
  if (process.platform !== 'linux') return 'Linux';
  if (process.getuid?.() !== 0) return 'root';
  if (!existsSync('/dev/net/tun')) return '/dev/net/tun';
  if (!hasProgram('ip')) return 'ip (Debian package iproute2)';
  return null;
}

/** What is missing for the native package's own tests; null when all is there. */
export function missingForCargo(): string | null {
  if (!existsSync('core/tun-tap/Cargo.toml')) return 'core/tun-tap/Cargo.toml';
  return hasProgram('cargo') ? null : 'cargo (https://rustup.rs)';
}

/** What is missing for a real Electron on a screen of the test's own; null when all is there. */
export function missingForDesktop(): string | null {
  const namespaces = missingForNamespaces();
  if (namespaces !== null) return namespaces;
  for (const program of ['Xvfb', 'dbus-daemon', 'setpriv', 'openbox', 'xdotool']) {
    if (!hasProgram(program)) return `${program} (npm run test:electron installs it)`;
  }
  return findTestRuntime() === null ? missingForTestRuntime(hasProgram) : null;
}

/** What packages are built, installed and looked at with. */
const packagePrograms = ['dpkg', 'strip', 'rpmbuild', '7za', 'mksquashfs', 'desktop-file-validate', 'Xvfb', 'setpriv'];

/** What is missing for building packages and for the deb's life on this machine; null when all is there. */
export function missingForPackages(): string | null {
  const namespaces = missingForNamespaces();
  if (namespaces !== null) return namespaces;
  for (const program of packagePrograms) {
    if (!hasProgram(program)) return `${program} (npm run test:packages installs it)`;
  }
  return findTestRuntime() === null ? missingForTestRuntime(hasProgram) : null;
}

/** What is missing for the independent peers; null when all is there. */
export function missingForPeers(): string | null {
  const namespaces = missingForNamespaces();
  if (namespaces !== null) return namespaces;
  if (!hasProgram('tshark')) return 'tshark (npm run test:interop installs it)';
  for (const name of ['scapy', 'cryptography']) {
    if (!existsSync(`/usr/lib/python3/dist-packages/${name}`))
      return `python3-${name} (npm run test:interop installs it)`;
  }
  return null;
}

/** What is missing for the window in a browser over real helpers; null when all is there. */
export function missingForBrowser(): string | null {
  const namespaces = missingForNamespaces();
  if (namespaces !== null) return namespaces;
  return hasProgram('chromium') ? null : 'chromium (npm run test:e2e installs it)';
}
