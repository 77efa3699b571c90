import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runUi, type UiRequest } from '#core/cli/ui-command.ts';
import { fakeTerminal } from './fake-helper.ts';

function requestFor(t: TestContext, changes: Partial<UiRequest> = {}): UiRequest {
  const pageFolder = mkdtempSync(join(tmpdir(), 'culvert-ui-'));
  t.after(() => rmSync(pageFolder, { recursive: true }));
  writeFileSync(join(pageFolder, 'index.html'), 'the page');
  const socketPath = join(pageFolder, 'none.sock');
  return { socketPath, version: '1', port: '0', opens: false, pageFolder, ended: Promise.resolve(), ...changes };
}

test('an address on loopback with its token is printed, and the end is status 0', async (t) => {
  const terminal = fakeTerminal();
  assert.equal(await runUi(requestFor(t), terminal), 0);
  assert.match(terminal.output, /^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/);
});

test('the page is there while it is wanted, and not after', async (t) => {
  const terminal = fakeTerminal();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const running = runUi(requestFor(t, { ended }), terminal);
  while (terminal.output === '') await new Promise((next) => setTimeout(next, 5));
  const address = new URL(terminal.output.trim());
  assert.equal((await fetch(address.origin)).status, 200);
  resolve();
  assert.equal(await running, 0);
  await assert.rejects(fetch(address.origin));
});

test('a port that is none, and a page that was not built, are complaints and status 1', async (t) => {
  for (const port of ['x', '-1', '65536', '1.5']) {
    const terminal = fakeTerminal();
    assert.equal(await runUi(requestFor(t, { port }), terminal), 1, port);
    assert.match(terminal.errors, /is no port/);
    assert.match(terminal.errors, /TCP port/);
    assert.equal(terminal.output, '');
  }
  const terminal = fakeTerminal();
  assert.equal(await runUi(requestFor(t, { pageFolder: '/nonexistent' }), terminal), 1);
  assert.match(terminal.errors, /npm start/);
});
