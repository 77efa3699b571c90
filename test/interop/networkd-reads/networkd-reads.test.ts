/**
 * A real systemd-networkd takes the exported files without a complaint.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { hasProgram, missingForNamespaces } from '#build/test/machine.ts';
import { exportProfile } from '#core/profile/export/export-format.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';
import { exportCases } from '#test/support/profile/export-source.ts';

const networkdPath = '/lib/systemd/systemd-networkd';
/** It reads its files at once, and never ends by itself. */
const seconds = 2;

function missing(): string | null {
  const namespaces = missingForNamespaces();
  if (namespaces !== null) return namespaces;
  if (!existsSync(networkdPath)) return 'systemd-networkd';
  return hasProgram('unshare') && hasProgram('timeout') ? null : 'unshare and timeout';
}

/** What networkd says about files. Both mounts end with its mount namespace. */
function readBy(context: TestContext, files: readonly { readonly name: string; readonly text: string }[]): string {
  const namespace = new NetworkNamespace('networkd');
  context.after(() => namespace.remove());
  const folder = mkdtempSync(join(tmpdir(), 'culvert-networkd-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'network'));
  for (const { name, text } of files) writeFileSync(join(folder, 'network', basename(name)), text);
  const script = [
    'mkdir -p /run/systemd /etc/systemd/network',
    'mount -t tmpfs none /run/systemd',
    `mount --bind ${folder}/network /etc/systemd/network`,
    'export SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_COLOR=0',
    `timeout ${seconds} ${networkdPath} 2>&1 || true`,
  ];
  return namespace.run('unshare', '--mount', 'sh', '-eu', '-c', script.join('\n')).stdout;
}

/** What it says about lines of the files. */
const complaint = /\/etc\/systemd\/network\/\S+?:\d+:.*/g;

suite('systemd-networkd reads', { skip: missing() ?? false }, () => {
  for (const name of ['plain', 'peer'] as const) {
    test(`the files of ${name}`, (context) => {
      const said = readBy(context, exportProfile('networkd', exportCases[name]()));
      assert.match(said, /ipsec0: loaded "xfrm"/);
      assert.deepEqual(said.match(complaint), null);
    });
  }

  test('a wrong line would be noticed', (context) => {
    const files = exportProfile('networkd', exportCases.plain());
    const said = readBy(context, [
      ...files,
      { name: '60-wrong.network', text: '[Match]\nName=x\n[Network]\nBogus=1\n' },
    ]);
    assert.match(said, /60-wrong\.network:4: Unknown key 'Bogus'/);
  });
});
