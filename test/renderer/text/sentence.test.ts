/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asSentences } from '#renderer/text/sentence.ts';

test('messages become sentences, and those that are some stay so', () => {
  assert.equal(asSentences('there is no way', '', 'Look at the routes.'), 'There is no way. Look at the routes.');
  assert.equal(asSentences('gateway.example.org cannot be resolved'), 'gateway.example.org cannot be resolved.');
  assert.equal(asSentences('ipsec0 is there'), 'ipsec0 is there.');
  assert.equal(asSentences(), '');
});
