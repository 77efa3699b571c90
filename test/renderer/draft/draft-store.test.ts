/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgetDraft, keepDraft, loadDraft } from '#renderer/draft/draft-store.ts';
import { emptyDraft } from '#renderer/draft/draft.ts';
import { exampleDraft } from './example-draft.ts';

function memory(text: string | null = null): Parameters<typeof loadDraft>[0] & { text: string | null } {
  return {
    text,
    getItem() {
      return this.text;
    },
    setItem(_key: string, value: string) {
      this.text = value;
    },
    removeItem() {
      this.text = null;
    },
  };
}

test('a draft comes back as it was, until it is forgotten', () => {
  const storage = memory();
  keepDraft(storage, exampleDraft());
  assert.deepEqual(loadDraft(storage), exampleDraft());
  forgetDraft(storage);
  assert.equal(loadDraft(storage), null);
});

test('what another version kept is read as far as it fits', () => {
  const draft = loadDraft(memory('{"name":"x","natT":"yes","gone":1}'));
  assert.deepEqual(draft, { ...emptyDraft, name: 'x' });
});

test('a broken text is no draft', () => {
  assert.equal(loadDraft(memory('{')), null);
  assert.equal(loadDraft(memory('null')), null);
});
