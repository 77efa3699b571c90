/** @module */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FileWayBackStore } from '#core/helper/way-back-store.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('one text, for root alone, that the next process finds; removed it is gone, also twice', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'way-back-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const store = new FileWayBackStore(directory);
  assert.equal(store.load(), null);
  store.save('one');
  store.save('two');
  assert.equal(new FileWayBackStore(directory).load(), 'two');
  const [name = ''] = readdirSync(directory);
  assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600);
  store.remove();
  store.remove();
  assert.deepEqual([store.load(), readdirSync(directory)], [null, []]);
});

test('what a process has left that was killed while it wrote is no way back, and does not stay', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'way-back-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'unconfirmed-change.json.new'), '{"half');
  assert.deepEqual([new FileWayBackStore(directory).load(), readdirSync(directory)], [null, []]);
});

test('what is set aside is there to be looked at, and is no way back; a directory that is gone is STATE_UNWRITABLE', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'way-back-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const store = new FileWayBackStore(directory);
  store.save('broken');
  const kept = store.setAside();
  assert.deepEqual([store.load(), readdirSync(directory)], [null, [kept]]);
  const nowhere = new FileWayBackStore(join(directory, 'none'));
  assert.equal(
    thrownCode(() => nowhere.save('x')),
    'STATE_UNWRITABLE',
  );
});
