import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PageDelivery } from '#core/cli/ui/page-delivery.ts';

const parts = {
  links: [
    { rel: 'icon', href: './assets/icon.svg' },
    { rel: 'stylesheet', href: './assets/a.css' },
    { rel: 'preload', href: './assets/b.woff2' },
  ],
  modules: ['./assets/c.js'],
};

/** Whether it is done, once everything that waits had its turn. */
async function isDone({ done }: PageDelivery): Promise<boolean> {
  return Promise.race([done.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);
}

test('a page is out when everything that its document names has left; the icon is not waited for', async () => {
  const delivery = new PageDelivery(parts);
  for (const path of ['/', '/assets/a.css', '/assets/other.js', '/assets/b.woff2', '/assets/a.css']) {
    delivery.noteSent(path);
    assert.equal(await isDone(delivery), false, path);
  }
  delivery.noteSent('/assets/c.js');
  assert.equal(await isDone(delivery), true);
});

test('who needs what comes after it ends the waiting', async () => {
  const delivery = new PageDelivery(parts);
  delivery.end();
  assert.equal(await isDone(delivery), true);
});

test('a page of which nothing is known is never out by itself', async () => {
  assert.equal(await isDone(new PageDelivery({ links: [], modules: [] })), false);
});
