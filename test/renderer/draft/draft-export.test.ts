/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerFiles, textFormats } from '#renderer/draft/draft-export.ts';
import { readDraft } from '#renderer/draft/draft-profile.ts';
import { exampleDraft } from './example-draft.ts';

function profileOf(
  changes: Parameters<typeof exampleDraft>[0] = {},
): NonNullable<ReturnType<typeof readDraft>['profile']> {
  const { profile } = readDraft(exampleDraft(changes));
  assert.ok(profile !== null);
  return profile;
}

test('the other end’s text is mirrored and holds no key, in every format', () => {
  for (const format of textFormats) {
    const { files, refusal } = peerFiles(profileOf(), '192.0.2.1', null, format);
    assert.equal(refusal, '', format);
    assert.ok(files.length > 0, format);
    for (const { text, holdsKeys } of files) {
      assert.equal(holdsKeys, false, format);
      assert.doesNotMatch(text, /(0x)?0{32}/, format);
    }
  }
  const { files } = peerFiles(profileOf(), '192.0.2.1', null, 'setkey');
  assert.match(files[0]?.text ?? '', /tunnel 198\.51\.100\.7 192\.0\.2\.1/);
});

test('a name of the other end is written as the address that it was found to be, where formats take none', () => {
  const profile = profileOf({ peerHost: 'gw.example.org' });
  assert.match(peerFiles(profile, '192.0.2.1', '198.51.100.9', 'setkey').files[0]?.text ?? '', /198\.51\.100\.9/);
  assert.notEqual(peerFiles(profile, '192.0.2.1', null, 'setkey').refusal, '');
  assert.equal(peerFiles(profile, '192.0.2.1', null, 'json').refusal, '');
});

test('behind NAT it is told how this end is reached', () => {
  const profile = profileOf({ natT: true, localHost: 'auto' });
  assert.match(peerFiles(profile, '203.0.113.9', null, 'json').files[0]?.text ?? '', /203\.0\.113\.9/);
});
