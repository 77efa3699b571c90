import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDesired } from '#core/tunnel/plan/read-desired.ts';

const ifconfig = { name: 'ifconfig.ipsec0', text: 'create\ntunnel 10.0.0.1 10.0.0.2\n' };
const setkey = { name: 'p.conf', text: 'spdadd 10.0.0.1 10.0.0.2 any -P out none;\n' };

test('a file declares its kind completely, and nothing of another kind', async () => {
  const both = await readDesired([ifconfig, setkey]);
  assert.deepEqual(both.desired?.gone, { interfaces: 'all', associations: 'all', policies: 'all' });
  const interfaces = await readDesired([ifconfig]);
  assert.deepEqual(interfaces.desired?.gone, { interfaces: 'all', associations: new Set(), policies: 'none' });
  const statements = await readDesired([setkey]);
  assert.deepEqual(statements.desired?.gone, { interfaces: new Set(), associations: 'all', policies: 'all' });
  // The policies of an interface are not the user's.
  assert.equal(both.desired?.policies.length, 1);
});

test('problems of all files are told at once, and with one there is no state', async () => {
  const { problems, desired } = await readDesired([
    { name: 'ifconfig.ipsec0', text: 'create\nmtu x\n' },
    { name: 'sa.conf', text: 'add;\n' },
    setkey,
  ]);
  assert.equal(desired, null);
  assert.deepEqual(
    problems.map(({ file, line }) => [file, line]),
    [
      ['ifconfig.ipsec0', 2],
      ['sa.conf', 1],
    ],
  );
});

test('weak algorithms pass: whether they are allowed is for the machine to say', async () => {
  const text = `add 10.0.0.1 10.0.0.2 esp 5000 -E 3des-cbc 0x${'3'.repeat(48)} -A hmac-sha256 0x${'4'.repeat(64)};\n`;
  const { desired } = await readDesired([{ name: 'sa.conf', text }]);
  assert.equal(desired?.associations.length, 1);
});
