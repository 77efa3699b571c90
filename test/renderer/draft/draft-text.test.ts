/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDraft } from '#renderer/draft/draft-profile.ts';
import { readDraftText, writeDraftText } from '#renderer/draft/draft-text.ts';
import { emptyDraft, type Draft } from '#renderer/draft/draft.ts';
import { exampleDraft } from './example-draft.ts';

const outer = { local: '192.0.2.1', peer: '198.51.100.7' };

function write(draft: Draft): string {
  const { profile } = readDraft(draft);
  assert.ok(profile !== null);
  return writeDraftText(profile, outer);
}

test('what is written is read again as the same profile', () => {
  for (const changes of [
    {},
    { carriesIpv6: true, link1: true, mtu: '1400' },
    { carriesIpv6: true, natT: true, localPort: '4501' },
    { suite: 'aes-gcm-16', lifeDays: '0', lifeGib: '0', remindDays: '0' },
    { inner: '10.99.0.1/30', lifeDays: '0.5', remindDays: '0.123456789', lifeGib: '1.5', routes: '' },
  ] satisfies Partial<Draft>[]) {
    const draft = exampleDraft(changes);
    const { changes: read, pasted, faults } = readDraftText(write(draft), draft, outer);
    assert.deepEqual(faults, []);
    assert.equal(pasted, null);
    assert.deepEqual(readDraft({ ...draft, ...read }).profile, readDraft(draft).profile);
  }
});

test('no key is written, and KEY stands for those that the helper makes', () => {
  const text = write(exampleDraft());
  assert.match(text, /-E aes-cbc KEY -A hmac-sha256 KEY;\n$/);
});

test('names and auto stay what they were while the text says the same addresses', () => {
  const draft = exampleDraft({ localHost: 'auto', peerHost: 'gw.example.org' });
  const text = write(exampleDraft());
  const { changes } = readDraftText(text, draft, outer);
  assert.equal(changes.localHost, 'auto');
  assert.equal(changes.peerHost, 'gw.example.org');
  const moved = readDraftText(text.replaceAll('198.51.100.7', '198.51.100.8'), draft, outer);
  assert.equal(moved.changes.peerHost, '198.51.100.8');
});

test('keys that stand in the text are taken by direction, and only into memory', () => {
  const key = 'ab'.repeat(32);
  let number = 0;
  const text = write(exampleDraft()).replace(/KEY/g, () => `0x${String(++number).repeat(2)}${key.slice(2)}`);
  const { changes, pasted, faults } = readDraftText(text, emptyDraft, outer);
  assert.deepEqual(faults, []);
  assert.equal(changes.keyOrigin, 'paste');
  assert.equal(pasted?.[0]?.in.encryption.slice(0, 2), '11');
  assert.equal(pasted?.[0]?.out.integrity.slice(0, 2), '44');
  assert.doesNotMatch(JSON.stringify(changes), /abab/);
});

test('mistakes are told with their lines, of whichever language', () => {
  const text =
    'ifconfig ipsec0 create\nifconfig ipsec0 tunel 192.0.2.1 198.51.100.7\nroute add nowhere\nadd bogus;\nspdflush;\n';
  const { faults } = readDraftText(text, emptyDraft, outer);
  assert.deepEqual([...new Set(faults.map(({ line }) => line))], [2, 3, 4, 5]);
});

test('the words may begin with culvert, as screens print them', () => {
  const text = write(exampleDraft()).replace(/^(ifconfig|route)/gm, 'culvert $1');
  const { changes, faults } = readDraftText(text, emptyDraft, outer);
  assert.deepEqual(faults, []);
  assert.equal(changes.routes, '192.168.20.0/24');
  assert.equal(changes.inner, '10.99.0.1');
});

test('a weak suite is refused with its line', () => {
  const text = write(exampleDraft()).replace(/-E aes-cbc KEY/g, '-E null ""');
  assert.ok(readDraftText(text, emptyDraft, outer).faults.length > 0);
});

test('associations of one direction alone are no tunnel', () => {
  const lines = write(exampleDraft()).trimEnd().split('\n');
  const { faults } = readDraftText(lines.slice(0, -1).join('\n'), emptyDraft, outer);
  assert.match(faults[0]?.message ?? '', /each direction/);
});
