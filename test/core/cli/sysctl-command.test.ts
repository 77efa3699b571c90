import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectHelper } from '#core/client/helper-client.ts';
import { runSysctl } from '#core/cli/sysctl-command.ts';
import { exampleStatus, fakeTerminal, startFakeHelper } from './fake-helper.ts';

test('shows and sets in sysctl’s form', async (context) => {
  const helper = await startFakeHelper(context, { 'status.get': () => exampleStatus });
  const run = async (...words: string[]): Promise<[number, string, string]> => {
    const terminal = fakeTerminal();
    const status = await runSysctl(words, { terminal, connect: () => connectHelper(helper.path) });
    return [status, terminal.output, terminal.errors];
  };
  assert.deepEqual(await run('net.inet6.ip6.ipsecifhlim'), [0, 'net.inet6.ip6.ipsecifhlim = 64\n', '']);
  assert.match((await run())[1], /^net\.inet\.ipsec\.dfbit = 0\n(.*\n)+net\.ipsecif\.use_fixed_reqid = 0\n$/);
  assert.deepEqual(await run('-n', 'net.inet6.ip6.ipsecifhlim'), [0, '64\n', '']);
  const below = ['net.inet6.ip6.ipsecifhlim = 64', 'net.inet6.ip6.ipsecifpmtu = 0', ''].join('\n');
  assert.deepEqual(await run('net.inet6'), [0, below, '']);
  assert.deepEqual(await run('-n', 'net.inet6.ip6'), [0, '64\n0\n', '']);
  assert.deepEqual(await run('-w', 'net.ipsecif.use_fixed_reqid=1'), [0, 'net.ipsecif.use_fixed_reqid: 0 -> 1\n', '']);
  assert.deepEqual(await run('net.interfaces.ipsec0.pmtu=1'), [0, 'net.interfaces.ipsec0.pmtu: -1 -> 1\n', '']);
  assert.deepEqual(
    helper.calls.filter(([method]) => method !== 'status.get'),
    [
      ['settings.set', { usesFixedReqid: true }],
      ['interface.setOptions', { name: 'ipsec0', pmtu: 1 }],
    ],
  );
});

test('what is refused changes nothing and says why', async (context) => {
  const helper = await startFakeHelper(context, { 'status.get': () => exampleStatus });
  for (const [word, message] of [
    ['net.ipsecif.use_fixed_reqid=yes', /not a number/],
    ['net.ipsecif.use_fixed_reqid=2', /none of 0, 1/],
    ['net.nothing', /there is no/],
    ['net.inet6=1', /there is no/],
    ['-x', /unknown option/],
  ] as const) {
    const terminal = fakeTerminal();
    assert.equal(await runSysctl([word], { terminal, connect: () => connectHelper(helper.path) }), 1);
    assert.match(terminal.errors, message);
  }
  assert.ok(helper.calls.every(([method]) => method === 'status.get'));
});
