/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTranslator } from '#renderer/text/catalogue.ts';

const translator = createTranslator();

/** Every string with the path to it. */
function stringsOf(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([name, part]) =>
    stringsOf(part, path === '' ? name : `${path}.${name}`),
  );
}

const strings = stringsOf(translator.getResourceBundle('en', 'translation'), '');

test('what is counted before a noun has a form for one and a form for more', () => {
  assert.ok(strings.length > 500, `${strings.length} strings`);
  const counted = strings.filter(([, text]) => /\{\{count\}\} (?:more )?[a-z]+s\b/.test(text));
  assert.deepEqual(
    counted.filter(([path]) => !path.endsWith('_other')),
    [],
  );
  const paths = new Set(strings.map(([path]) => path));
  const lonely = [...paths].filter(
    (path) =>
      /_(one|other)$/.test(path) &&
      !paths.has(path.replace(/_(one|other)$/, path.endsWith('_one') ? '_other' : '_one')),
  );
  assert.deepEqual(lonely, []);
});

test('one packet a second is one packet, and no tunnel is none', () => {
  const { t } = translator;
  const lane = (packets: number): string =>
    t('tunnel.hero.laneText', { short: 'out', count: packets, packets: String(packets) });
  assert.deepEqual([0, 1, 2].map(lane), ['out, 0 packets/s', 'out, 1 packet/s', 'out, 2 packets/s']);
  const sum = (tunnels: number): string => t('associations.summary', { count: tunnels, number: '3' });
  assert.deepEqual([0, 1, 2].map(sum), ['3, of no tunnel', '3 in one tunnel', '3 in 2 tunnels']);
});
