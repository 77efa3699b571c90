/**
 * TUN devices and raw ESP sockets by the native package, against the kernel's own TCP and UDP. The tests are in
 * namespace-tests.ts, which runs as a process of its own in a network namespace of its own.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NetworkNamespace } from '#test/support/network-namespace.ts';
import { missingForTunnels } from '#test/support/native-package.ts';

const tests = fileURLToPath(new URL('./namespace-tests.ts', import.meta.url));

test('TUN devices and raw sockets work with the kernel', { skip: missingForTunnels() ?? false }, () => {
  const namespace = new NetworkNamespace('tun-tap');
  try {
    // Without the variable the child reports by itself, not to a test runner above it.
    const command = ['env', '-u', 'NODE_TEST_CONTEXT', process.execPath, '--test-reporter=spec', tests] as const;
    const { status, stdout, stderr } = namespace.run(...command);
    assert.equal(status, 0, stdout + stderr);
  } finally {
    namespace.remove();
  }
});
