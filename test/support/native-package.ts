/**
 * Whether tests can have the native package, and real tunnels over it.
 * @module
 */
import { missingForNamespaces } from '#build/test/machine.ts';
import { loadNative } from '#core/host/linux/native.ts';

/** What is missing for the native package; null when it is built. */
export function missingForNative(): string | null {
  try {
    loadNative();
    return null;
  } catch {
    return 'the native package tun-tap (npm test builds it)';
  }
}

/** What is missing for TUN devices in namespaces; null when all is there. */
export function missingForTunnels(): string | null {
  return missingForNamespaces() ?? missingForNative();
}
