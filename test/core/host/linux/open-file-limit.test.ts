import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOpenFileLimit } from '#core/host/linux/open-file-limit.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const limits = (soft: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax processes             10                   10                   processes\nMax open files            ${soft.padEnd(20)} 4096                 files\n`;

test('too few open files are refused before anything begins, and enough, or what is not told, are not', () => {
  for (const few of ['1', '24', '127'])
    assert.equal(
      thrownCode(() => checkOpenFileLimit(limits(few))),
      'HOST_FAILED',
    );
  for (const enough of ['128', '1024', 'unlimited']) checkOpenFileLimit(limits(enough));
  for (const untold of [null, '', 'Max open files']) checkOpenFileLimit(untold);
  assert.throws(() => checkOpenFileLimit(limits('64')), /at most 64 files may be open/);
});

test('this process may have enough', () => {
  checkOpenFileLimit();
});
