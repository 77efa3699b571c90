import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn, readPublisher } from '#build/package/publisher.ts';

const homepage = 'https://tunnels.org/culvert/';
const maintainer = 'Ada L. <ada@tunnels.org>';
const read = (CULVERT_HOMEPAGE?: string, CULVERT_MAINTAINER?: string) =>
  readPublisher({ CULVERT_HOMEPAGE, CULVERT_MAINTAINER });

test('a release is told its publisher by the environment, and both names go into its files', () => {
  const publisher = read(homepage, maintainer);
  assert.deepEqual(publisher, { homepage, maintainer });
  assert.equal(fillIn('@HOMEPAGE@ of @MAINTAINER@', publisher), `${homepage} of ${maintainer}`);
});

test('without a publisher, or with one that can never be somebody, there is no release (RFC 2606 §2)', () => {
  for (const none of [
    undefined,
    '',
    'tunnels.org',
    'http://tunnels.org/',
    'https://culvert.invalid/',
    'https://localhost/',
  ])
    assert.throws(() => read(none, maintainer), /CULVERT_HOMEPAGE/, none);
  for (const none of [undefined, '', 'Ada', 'ada@tunnels.org', 'Ada <ada@localhost>', 'Ada <ada@culvert.invalid>'])
    assert.throws(() => read(homepage, none), /CULVERT_MAINTAINER/, none);
});
