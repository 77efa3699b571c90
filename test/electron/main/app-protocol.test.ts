import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerPage, isPageAddress } from '#electron/main/app-protocol.ts';

const files = new Map([
  ['/index.html', { type: 'text/html; charset=utf-8', bytes: Buffer.from('the page') }],
  ['/assets/app.js', { type: 'text/javascript; charset=utf-8', bytes: Buffer.from('the app') }],
]);
const get = (url: string): Response => answerPage({ method: 'GET', url }, files);

test('files of the table come with their type and the page’s policy', async () => {
  const response = get('app://bundle/assets/app.js?x=1#y');
  assert.equal(response.status, 200);
  assert.equal(await response.text(), 'the app');
  assert.equal(response.headers.get('Content-Type'), 'text/javascript; charset=utf-8');
  assert.match(response.headers.get('Content-Security-Policy') ?? '', /default-src 'none'.*connect-src 'none'/);
  assert.equal(await get('app://bundle/').text(), 'the page');
});

test('no address reaches out of the table, however it is written', () => {
  const hostile = [
    ...['/../package.json', '/assets/../../main.cjs', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd'],
    ...[
      '//etc/passwd',
      '/assets/app.js/',
      '/assets\\app.js',
      '/%00',
      '/assets/app.js%00.html',
      '/__proto__',
      '/INDEX.HTML',
    ],
  ];
  for (const path of hostile) assert.equal(get(`app://bundle${path}`).status, 404, path);
});

test('other hosts, schemes and methods are refused, with the policy on the refusal too', () => {
  for (const url of [
    'app://other/index.html',
    'app://user@bundle/index.html',
    'https://bundle/index.html',
    'app:///index.html',
    'no address',
  ])
    assert.equal(get(url).status, 403, url);
  const post = answerPage({ method: 'POST', url: 'app://bundle/index.html' }, files);
  assert.equal(post.status, 405);
  assert.match(post.headers.get('Content-Security-Policy') ?? '', /default-src 'none'/);
});

test('an address is of our page by its origin, never by how it begins', () => {
  assert.equal(isPageAddress('app://bundle/index.html#/tunnels'), true);
  for (const url of [
    'app://bundle.evil.example/',
    'app://bundle:80/',
    'app://bundle@evil.example/',
    'xapp://bundle/',
    '',
  ])
    assert.equal(isPageAddress(url), false, url);
});
