import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFiles } from '#core/tunnel/plan/file-difference.ts';

const if0 = { name: 'ifconfig.ipsec0', text: 'create\ntunnel 10.0.0.1 10.0.0.2\nup\n' };
const keys = (spi: number) => ({
  name: 'sa.conf',
  text: `add 10.0.0.1 10.0.0.2 esp ${spi} -u 16386 -E aes-cbc 0x${'5a'.repeat(16)} -A hmac-sha256 0x${'6b'.repeat(32)};\n`,
});

test('two sets of files are compared without a machine', async () => {
  const { problems, plan } = await compareFiles(
    [if0, keys(1000)],
    [{ ...if0, text: `${if0.text}mtu 1300\n` }, keys(1001)],
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(
    plan?.interfaces.map(({ fate, name, changes }) => [fate, name, changes.map(({ what }) => what)]),
    [['changed', 'ipsec0', ['mtu']]],
  );
  assert.deepEqual(
    plan?.associations.map(({ fate, spi }) => [fate, spi]),
    [
      ['removed', 1000],
      ['added', 1001],
    ],
  );
});

test('the same files differ in nothing', async () => {
  const { plan } = await compareFiles([if0, keys(1000)], [keys(1000), if0]);
  assert.deepEqual([plan?.interfaces, plan?.associations, plan?.policies], [[], [], []]);
});

test('problems of either side are told, and then there is no plan', async () => {
  const { problems, plan } = await compareFiles([{ name: 'a', text: 'add;' }], [{ name: 'b', text: 'flsh;' }]);
  assert.equal(plan, null);
  assert.deepEqual(
    problems.map(({ file }) => file),
    ['a', 'b'],
  );
});
