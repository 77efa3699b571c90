/**
 * More of what a hostile page would try: code out of text, other kinds of documents and workers, frames of its own, calls
 * without end. Nothing of it runs, nothing changes, and nothing that it said comes into the log.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';

/** Stands for a key: found nowhere but in the page's own calls. */
const secret = '0x5ec2e75ec2e75ec2e75ec2e75ec2e7';

let desktop: TestDesktop;
let started: StartedApp;

before(async () => {
  desktop = await TestDesktop.start();
  started = await desktop.open('--socket=/nonexistent/control.sock');
});
after(() => desktop.stop());

/**
 * Run `act`, an async function's body that returns what came of it, in the page's own time: in a timer, for the engine lets
 * a debugger's evaluation itself do what its policy forbids.
 */
const attack = <T>(act: string): Promise<T> =>
  started.page.evaluate<T>(`new Promise((resolve) => setTimeout(async () => {
    try { resolve(await (async () => { ${act} })()); } catch (error) { resolve('refused'); }
  }, 0))`);

test('no text becomes code: eval, Function, timers, import, addresses', async () => {
  assert.equal(await attack(`return eval('1 + 1')`), 'refused');
  assert.equal(await attack(`return new Function('return 2')()`), 'refused');
  assert.equal(await attack(`return (await import('data:text/javascript,export const x = 2')).x`), 'refused');
  assert.equal(
    await attack(`return (await import(URL.createObjectURL(new Blob(['export const x = 2'])))).x`),
    'refused',
  );
  await attack(`setTimeout('window.wasTimed = true', 0)`);
  await attack(`location.href = 'javascript:window.wasTimed = true'`);
  await attack(
    `document.body.append(Object.assign(document.createElement('a'), { href: 'javascript:window.wasTimed = true', id: 'trap' })); trap.click()`,
  );
  await attack(`return new Promise((resolve) => setTimeout(resolve, 200))`);
  assert.equal(await attack(`return window.wasTimed === true`), false);
});

test('no worker runs, of whatever kind', async () => {
  const listen = `return new Promise((resolve) => { worker.onerror = () => resolve('refused'); worker.onmessage = () => resolve('ran'); })`;
  const text = `URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }))`;
  assert.equal(await attack(`const worker = new Worker(${text}); ${listen}`), 'refused');
  assert.equal(await attack(`const worker = new Worker('data:text/javascript,postMessage(1)'); ${listen}`), 'refused');
  assert.equal(await attack(`const worker = new SharedWorker(${text}); ${listen}`), 'refused');
  assert.equal(
    await attack(`await navigator.serviceWorker.register('app://bundle/index.html'); return 'ran'`),
    'refused',
  );
});

test('a frame that the page makes has no way to main', async () => {
  const found = await attack<string>(`
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const own = typeof frame.contentWindow?.culvert;
    frame.remove();
    return own;`);
  assert.equal(found, 'undefined');
  const framed = await attack<string>(`
    const frame = document.createElement('iframe');
    try { frame.srcdoc = '<p>x</p>'; } catch { return 'refused'; }
    document.body.append(frame);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return typeof frame.contentWindow?.culvert;`);
  assert.ok(['undefined', 'refused'].includes(framed), framed);
});

test('forms, bases, downloads, and documents of other kinds lead nowhere', async () => {
  await attack(
    `document.body.append(Object.assign(document.createElement('form'), { action: 'https://example.com/', id: 'form' })); form.submit()`,
  );
  await attack(`document.head.append(Object.assign(document.createElement('base'), { href: 'https://example.com/' }))`);
  await attack(
    `document.body.append(Object.assign(document.createElement('a'), { href: 'data:text/plain,${secret}', download: 'x', id: 'down' })); down.click()`,
  );
  await attack(`document.body.append(Object.assign(document.createElement('embed'), { src: 'file:///etc/passwd' }))`);
  await attack(`document.body.append(Object.assign(document.createElement('object'), { data: 'file:///etc/passwd' }))`);
  await attack(`return new Promise((resolve) => setTimeout(resolve, 300))`);
  assert.ok(started.page.url().startsWith('app://bundle/index.html'));
  assert.equal(await attack(`return document.baseURI.startsWith('app://bundle/')`), true);
  assert.deepEqual(
    readdirSync(desktop.homeFolder).filter((name) => !name.startsWith('.')),
    [],
  );
});

test('calls without end are answered one by one or refused, and the app goes on', async () => {
  const told = await attack<Record<string, number>>(`
    const answers = await Promise.all(Array.from({ length: 500 }, () => window.culvert.ask('shell.describe', {})));
    const counts = {};
    for (const answer of answers) { const word = answer.ok ? 'done' : answer.error.code; counts[word] = (counts[word] ?? 0) + 1; }
    return counts;`);
  assert.equal((told['done'] ?? 0) + (told['API_DENIED'] ?? 0), 500);
  assert.ok((told['done'] ?? 0) >= 1);
  assert.equal(await attack(`return (await window.culvert.ask('shell.describe', {})).ok`), true);
});

test('what a refused call held is in no log and in no answer', async () => {
  const answers = await attack<string>(`
    const bad = [
      ['setkey.run', { text: { key: '${secret}' } }],
      ['${secret}', {}],
      ['shell.copy', { text: '${secret}' }],
      ['shell.openLink', { link: '${secret}' }],
      ['profile.create', { profile: { name: '${secret}' }, secrets: { pairs: '${secret}' } }],
    ];
    return JSON.stringify(await Promise.all(bad.map(([method, params]) => window.culvert.ask(method, params))));`);
  assert.equal(answers.match(/"ok":false/g)?.length, 5);
  // A method's name is repeated to the page that called it, which knew it.
  assert.equal(answers.split(secret).length - 1, 1);
  assert.ok(!started.log().includes(secret));
  assert.match(started.log(), /culvert: refused: /);
});
