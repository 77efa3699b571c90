/**
 * Names of namespaces, and which of them are stale.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namespaceName, staleNamespaces } from '#examples/two-gateways/netns/namespace.ts';
import { isStaleDirectory } from '#examples/two-gateways/workspace.ts';

/** Larger than any process id that Linux gives out (PID_MAX_LIMIT, proc(5)). */
const impossiblePid = 99_999_999;

test('a namespace is stale when its maker is dead and its suffix is ours', () => {
  const dead = namespaceName('a', impossiblePid);
  const alive = namespaceName('a');
  const foreign = namespaceName('other', impossiblePid);
  assert.deepEqual(staleNamespaces(['x', 'a'], [dead, alive, foreign, 'default', 'culvert-a']), [dead]);
});

test('a directory is stale when its maker is dead', () => {
  const isAlive = (pid: number): boolean => pid === 7;
  assert.equal(isStaleDirectory('culvert-demo-7-abc', isAlive), false);
  assert.equal(isStaleDirectory('culvert-demo-8-abc', isAlive), true);
  assert.equal(isStaleDirectory('culvert-capture-test-abc', isAlive), false);
});
