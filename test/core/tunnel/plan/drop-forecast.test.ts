import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastDrops } from '#core/tunnel/plan/drop-forecast.ts';
import { carryOutDry } from '#core/tunnel/plan/file-difference.ts';
import { readDesired, scratchDatabases } from '#core/tunnel/plan/read-desired.ts';

const add = (from: string, to: string, spi: number, reqid: number): string =>
  `add ${from} ${to} esp ${spi} -u ${reqid} -E aes-cbc 0x${'5a'.repeat(16)} -A hmac-sha256 0x${'6b'.repeat(32)};\n`;
const [near, far] = ['10.0.0.1', '10.0.0.2'];
const out = add(near, far, 1000, 16_386);
const back = add(far, near, 1001, 16_385);

async function forecast(ifconfig: string, setkey = ''): Promise<unknown[]> {
  const databases = scratchDatabases();
  const { desired } = await readDesired([
    { name: 'ifconfig.ipsec0', text: ifconfig },
    { name: 'sa.conf', text: setkey },
  ]);
  assert.ok(desired !== null);
  await carryOutDry(databases, desired);
  return forecastDrops(databases.ipsecif.get('ipsec0'), databases.sad).map(({ cause, direction, family }) => [
    cause,
    direction,
    family,
  ]);
}
const tunnel = `create\ntunnel ${near} ${far}\n`;

test('a complete tunnel drops nothing', async () => {
  assert.deepEqual(await forecast(`${tunnel}inet 172.16.1.1/32 172.16.2.1\nup\n`, out + back), []);
});

test('an interface that is down, or without outer addresses, drops all there is', async () => {
  assert.deepEqual(await forecast(tunnel, out + back), [['down', 'both', null]]);
  assert.deepEqual(await forecast('create\nup\n', out + back), [['unconfigured', 'both', null]]);
});

test('each direction wants an association with the reqid of its policy', async () => {
  const up = `${tunnel}up\n`;
  assert.deepEqual(await forecast(up, back), [['nothing-to-send-on', 'out', 'ipv4']]);
  assert.deepEqual(await forecast(up, out), [['nothing-to-receive-on', 'in', 'ipv4']]);
  assert.deepEqual(await forecast(up, add(near, far, 1000, 77) + back), [['nothing-to-send-on', 'out', 'ipv4']]);
});

test('a family with an inner address is asked for, and no other', async () => {
  const up = `${tunnel}inet6 fd00::1/64\nup\n`;
  assert.deepEqual(await forecast(up, out + back), [
    ['nothing-to-send-on', 'out', 'ipv6'],
    ['nothing-to-receive-on', 'in', 'ipv6'],
  ]);
});
