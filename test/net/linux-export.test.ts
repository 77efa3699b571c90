/**
 * `culvert export --format linux` in front of the real ip(8) and kernel, in a namespace: every line is read by ip, and
 * goes as far as the kernel does. Where that has no ESP or no XFRM interfaces, it names just that; policies, addresses and
 * routes are made in any case, and algorithms are looked up by the kernel before ESP is.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, suite, test } from 'node:test';
import { missingForNamespaces } from '#build/test/machine.ts';
import { stateCommands } from '#core/profile/export/linux-state.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import { listSuites } from '#test/interop/suites.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';
import { exportCases, fileOf, routedProfile, sourceOf } from '#test/support/profile/export-source.ts';

/** What a kernel without the part says, after it has understood the line. */
const lacksEsp = /Requested type not found|Protocol not supported/;
const lacksInterfaces = /Unknown device type|Operation not supported/;

suite('exported scripts and the real ip', { skip: missingForNamespaces() ?? false }, () => {
  let namespace: NetworkNamespace;

  before(() => {
    namespace = new NetworkNamespace('export');
  });
  after(() => namespace.remove());

  /** Give one line to ip as the script does. Empty when it was carried out. */
  const carryOut = (line: string): string => {
    const { status, stderr } = spawnSync('ip', ['-n', namespace.name, '-batch', '-'], {
      input: line,
      encoding: 'utf8',
    });
    return status === 0 ? '' : stderr.trim() || `status ${status}`;
  };
  const linesOf = (text: string, from: string): string[] =>
    (text.split(from)[1]?.split('\nEND\n')[0] ?? '').split('\n').slice(1);

  for (const name of ['keys', 'peer', 'nat-t'] as const) {
    test(`${name}: every line of up and down is carried out, or stops at what the kernel lacks`, () => {
      const text = fileOf('linux', exportCases[name]());
      const up = linesOf(text, '  ip -batch -');
      const made = carryOut(/^ {2}ip (link add .*)$/m.exec(text)?.[1] ?? '');
      if (made !== '') {
        assert.match(made, lacksInterfaces);
        // Any other device takes addresses and routes as well.
        namespace.ip('link add ipsec0 type veth peer name far0');
        namespace.ip('link set far0 up');
      }
      let hasEsp = true;
      for (const line of up) {
        const said = carryOut(line);
        if (said === '') continue;
        assert.match(line, /^xfrm state add/, said);
        assert.match(said, lacksEsp, line);
        hasEsp = false;
      }
      const policies = namespace.ip('xfrm policy show');
      assert.equal(policies.match(/if_id 0x1/g)?.length, 6);
      assert.equal(policies.match(/dir (in|out|fwd)/g)?.length, 6);
      assert.match(namespace.ip('route show dev ipsec0'), /10\.\d\.0\.0\/16/);
      assert.match(namespace.ip('address show dev ipsec0'), /inet 172\.16\.\d\.1 peer 172\.16\.\d\.1\/32/);
      for (const line of linesOf(text, 'while read')) {
        const said = carryOut(line);
        if (said !== '')
          assert.ok(!hasEsp && line.startsWith('xfrm state delete') && /No such process/.test(said), said);
      }
      assert.equal(namespace.ip('xfrm policy show'), '');
      assert.deepEqual(namespace.devices(), []);
    });
  }

  test('the kernel knows the name of every algorithm, or is built without it', () => {
    const unknown: string[] = [];
    for (const { name, encryption, integrity } of listSuites()) {
      const profile = { ...routedProfile, keys: { ...routedProfile.keys, encryption, integrity } };
      const secrets = generateSecrets(profile.keys, { fill: (out) => void out.fill(0x5a) });
      const outer = literalPair(profile);
      assert.ok(outer !== null);
      const { add, remove } = stateCommands(sourceOf(profile, secrets, true), outer);
      const said = carryOut(add[0] ?? '');
      if (/algorithm not found/i.test(said)) unknown.push(name);
      else if (said !== '') assert.match(said, lacksEsp, name);
      if (said === '') assert.equal(carryOut(remove[0] ?? ''), '');
    }
    assert.deepEqual(
      unknown.filter((name) => /^(aes-(cbc|ctr)|null)/.test(name) && !/xcbc|cmac/.test(name)),
      [],
      'kernels with XFRM have these',
    );
  });

  test('placeholders are refused by ip itself', () => {
    const text = fileOf('linux', exportCases.plain());
    const state = linesOf(text, '  ip -batch -').filter((line) => line.startsWith('xfrm state'));
    assert.equal(state.length, 4);
    for (const line of state) assert.match(carryOut(line), /ALGO-KEYMAT/);
  });

  test('the script as a whole runs in a shell, undoes what it began, and down needs nothing to be there', () => {
    const text = fileOf('linux', exportCases.keys());
    const run = (verb: string): number | null =>
      spawnSync('ip', ['netns', 'exec', namespace.name, 'sh', '-s', verb], { input: text }).status;
    const up = run('up');
    const down = run('down');
    assert.ok(up === 0 ? down === 0 : down === 1, `up ${up}, down ${down}`);
    assert.deepEqual([namespace.devices(), namespace.ip('xfrm policy show')], [[], '']);
  });
});
