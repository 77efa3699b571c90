import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement, type ComponentType } from 'react';
import { renderToString } from 'react-dom/server';
import { lateScreen } from '#renderer/app/late-screen.ts';

const Greeting = ({ name = '' }: { readonly name?: string }): string => `Hello, ${name}`;

test('a screen that has not come shows nothing, and one that has is drawn at once', async () => {
  const { Screen, fetch } = lateScreen(() => Promise.resolve<ComponentType<{ readonly name?: string }>>(Greeting));
  assert.equal(renderToString(createElement(Screen, { name: 'you' })), '');
  await fetch();
  assert.equal(renderToString(createElement(Screen, { name: 'you' })), 'Hello, you');
});

test('a screen is fetched once, whoever wants it; one that failed to come is fetched again', async () => {
  let turns = 0;
  const { fetch } = lateScreen(() => {
    turns += 1;
    return turns === 1 ? Promise.reject(new Error('away')) : Promise.resolve(Greeting);
  });
  await assert.rejects(fetch(), /away/);
  await Promise.all([fetch(), fetch()]);
  await fetch();
  assert.equal(turns, 2);
});
