/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportFormatNames, exportProfile } from '#core/profile/export/export-format.ts';
import { nameInHeader } from '#core/profile/export/header-line.ts';
import { exportCases } from '#test/support/profile/export-source.ts';

test('the first line of every text that begins with a comment of ours names the profile', () => {
  let seen = 0;
  for (const format of exportFormatNames) {
    const [file] = exportProfile(format, exportCases.keys());
    const lines = (file?.text ?? '').split('\n').filter((line) => !line.startsWith('#!'));
    if (!/^# office: /.test(lines[0] ?? '')) continue;
    seen++;
    assert.equal(nameInHeader(lines[0] ?? ''), 'office', format);
  }
  assert.ok(seen >= 6, `${seen} formats`);
});

test('a comment of somebody else names nothing, in whatever form', () => {
  for (const line of [
    '# Left gateway: the way to Kyoto',
    '# NOTE: /etc/hosts must be there',
    '# Documentation keys: never use them',
    '# office: /etc/ipsec.conf and more',
    'office: /etc/ipsec.conf',
  ])
    assert.equal(nameInHeader(line), null, line);
  assert.equal(nameInHeader('# Kyoto office: /etc/ipsec.conf\r'), 'Kyoto office');
});
