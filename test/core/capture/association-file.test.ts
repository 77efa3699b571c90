import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAssociations } from '#core/capture/association-file.ts';
import { captureAssociation } from '#test/support/capture/capture-sender.ts';

test('associations are read, policies and dumps left alone', () => {
  const { associations, failures } = readAssociations(`
    flush ; spdflush ;
    ${captureAssociation('-u 7')}
    spdadd 10.0.0.0/8 10.1.0.0/16 any -P out ipsec esp/tunnel/192.0.2.1-192.0.2.2/require ;
    dump ; spddump ;
  `);
  assert.deepEqual(failures, []);
  assert.deepEqual(
    associations.map(({ spi, reqid }) => [spi, reqid]),
    [[0x1000, 7]],
  );
});

test('what is deleted or flushed again is gone', () => {
  const add = captureAssociation();
  for (const statement of [
    'flush ;',
    'deleteall 192.0.2.1 192.0.2.2 esp ;',
    'delete 192.0.2.1 192.0.2.2 esp 0x1000 ;',
  ]) {
    assert.deepEqual(readAssociations(add + statement), { associations: [], failures: [] });
  }
});

test('weak algorithms are taken: nothing is sent with them', () => {
  const key = `0x${'01'.repeat(24)}`;
  const text = `add 192.0.2.1 192.0.2.2 esp 0x1000 -E 3des-cbc ${key} ;
    add 192.0.2.1 192.0.2.2 esp 0x1001 -E aes-cbc ${key} ;`;
  const { associations, failures } = readAssociations(text);
  assert.deepEqual([associations.length, failures], [2, []]);
});

test('a syntax error is the only thing that is told, with its place and no key', () => {
  const { associations, failures } = readAssociations(`${captureAssociation()}add 192.0.2.1 nonsense ;`);
  assert.deepEqual([associations.length, failures.length, failures[0]?.line, failures[0]?.isSyntax], [0, 1, 2, true]);
});

test('every refusal is told with its line', () => {
  const { failures } = readAssociations(
    `${captureAssociation()}${captureAssociation()}add 192.0.2.1 192.0.2.2 ah 0x1001 -A hmac-sha1 0x${'01'.repeat(20)} ;`,
  );
  assert.deepEqual(
    failures.map(({ line, isSyntax }) => [line, isSyntax]),
    [
      [2, false],
      [3, false],
    ],
  );
});
