import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HelperLink } from '#core/api/relay.ts';
import type { LinkKeeper } from '#core/client/helper-link.ts';
import { TunnelWatch } from '#electron/main/tunnel-watch.ts';
import type { TunnelsNow } from '#electron/tray/tray-tunnel.ts';
import { counted, watched } from '#test/core/api/watch/example-watched.ts';

const connected: HelperLink = { state: 'connected', message: '', hint: '', command: null };
const absent: HelperLink = { state: 'absent', message: 'no helper', hint: '', command: null };

/** A watch over a helper whose link is `link`; every question is refused when `refuses`. */
function watching(link: HelperLink, refuses = false) {
  const asked: string[] = [];
  const told: TunnelsNow[] = [];
  const call = (async (method: string) => {
    asked.push(method);
    if (refuses) throw new Error('refused');
    return {};
  }) as LinkKeeper['call'];
  return { watch: new TunnelWatch({ call, link: () => link }, (now) => told.push(now)), asked, told };
}

test('nothing is known at first but the link', () => {
  const { watch, told } = watching(absent);
  assert.deepEqual(watch.now(), { link: absent, canOperate: false, before: null, status: null, profiles: [] });
  assert.deepEqual(told, []);
});

test('each status is told with the one before it, which held until a time that is known', () => {
  const { watch, told } = watching(connected);
  watch.noteStatus({ number: 1, canOperate: true, status: counted(1000, 5) }, null);
  watch.noteStatus({ number: 2, canOperate: true, status: counted(9000, 7) }, 8000);
  assert.equal(told[0]?.before, null);
  assert.deepEqual(told[1]?.before, counted(8000, 5));
  assert.deepEqual(told[1]?.status, counted(9000, 7));
  assert.equal(told[1]?.canOperate, true);
  assert.equal(watch.now(), told[1]);
});

test('where it is not known how long the one before held, its own time counts', () => {
  const { watch, told } = watching(connected);
  watch.noteStatus({ number: 1, canOperate: false, status: counted(1000, 5) }, null);
  watch.noteStatus({ number: 1, canOperate: false, status: counted(9000, 7) }, null);
  assert.equal(told[1]?.before?.nowMs, 1000);
});

test('another link is told with what was known last', () => {
  const { watch, told } = watching(connected);
  watch.noteStatus({ number: 1, canOperate: true, status: watched(1000) }, null);
  watch.noteLink(absent);
  assert.equal(told[1]?.link, absent);
  assert.equal(told[1]?.status, told[0]?.status);
});

test('changes that come together are asked about once, a little later', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { watch, asked } = watching(connected);
  for (let change = 0; change < 5; change++) watch.noteChange();
  assert.deepEqual(asked, []);
  t.mock.timers.tick(200);
  assert.deepEqual(asked, ['status.flush']);
  watch.noteChange();
  t.mock.timers.tick(200);
  assert.deepEqual(asked, ['status.flush', 'status.flush']);
});

test('nobody is asked while there is no helper, and a refusal is the link’s to tell', async () => {
  const away = watching(absent);
  await away.watch.refresh();
  assert.deepEqual(away.asked, []);
  const refusing = watching(connected, true);
  await refusing.watch.refresh();
  assert.deepEqual(refusing.asked, ['status.flush']);
});

test('after its end it asks and tells no more', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { watch, asked, told } = watching(connected);
  watch.noteChange();
  watch.stop();
  watch.noteChange();
  t.mock.timers.tick(1000);
  watch.noteLink(absent);
  assert.deepEqual([asked, told], [[], []]);
  assert.equal(watch.now().link, absent);
});
