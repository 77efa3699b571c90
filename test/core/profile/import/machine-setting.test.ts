/**
 * Settings of the machine in texts of every kind.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importFiles } from '#core/profile/import/import-files.ts';
import { settingsOfCommand, tellSettings } from '#core/profile/import/machine-setting.ts';
import type { Unmapped } from '#core/profile/import/imported.ts';

const random = { fill: (out: Uint8Array) => void out.fill(7) };

const commands: readonly (readonly [string, readonly string[]])[] = [
  ['sysctl -w net.ipv4.ip_forward=1', ['net.ipv4.ip_forward=1']],
  [
    '/sbin/sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1',
    ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'],
  ],
  ['  test -e /x && sysctl net.inet.ipsec.dfbit=2; true', ['net.inet.ipsec.dfbit=2']],
  ['sysctl -w net.ipv4.conf.vti0.rp_filter = 0', ['net.ipv4.conf.vti0.rp_filter=0']],
  ['sysctl -w "net.core.rmem_max=1"', []],
  ['culvert sysctl net.interfaces.ipsec0.pmtu=1', ['net.interfaces.ipsec0.pmtu=1']],
  ['echo 1 > /proc/sys/net/ipv4/ip_forward', ['net.ipv4.ip_forward=1']],
  ["echo '0' | sudo tee /proc/sys/net/ipv4/conf/all/rp_filter", ['net.ipv4.conf.all.rp_filter=0']],
  ['sysctl net.ipv4.ip_forward', []],
  ['# sysctl -w net.ipv4.ip_forward=1', []],
  ['ip link set vpn up', []],
  ['ifconfig ipsec0 create', []],
];

for (const [line, settings] of commands) {
  test(`the settings of "${line}" are ${settings.length === 0 ? 'none' : settings.join(' and ')}`, () => {
    assert.deepEqual(settingsOfCommand(line), settings);
  });
}

test('each line of sysctl.conf is told with its number and what there is to do', () => {
  const unmapped: Unmapped[] = [];
  const text =
    '# a comment\nnet.ipv4.ip_forward = 1\r\n-net.ipv4.conf.all.rp_filter=0 # loose\nnet.inet.ipsec.dfbit?=2\n\nddb.onpanic=0\n';
  tellSettings({ name: 'sysctl.conf', text }, 'lines', unmapped);
  assert.deepEqual(
    unmapped.map(({ line, text: shown }) => [line, shown]),
    [
      [2, 'net.ipv4.ip_forward=1'],
      [3, 'net.ipv4.conf.all.rp_filter=0'],
      [4, 'net.inet.ipsec.dfbit=2'],
      [6, 'ddb.onpanic=0'],
    ],
  );
  assert.match(unmapped[0]?.why ?? '', /not taken over: set it where the tunnel needs it/);
  assert.match(unmapped[2]?.why ?? '', /not taken over: culvert sysctl/);
});

const tunnel =
  'ifconfig ipsec0 create\nifconfig ipsec0 tunnel 192.0.2.1 192.0.2.2\nifconfig ipsec0 inet 172.16.1.1/32 172.16.2.1\n';
const cases: readonly (readonly [what: string, name: string, text: string, line: number])[] = [
  ['a command in a comment of setkey text', 'setkey.conf', 'flush;\n# sysctl -w net.inet.ip.forwarding=1\n', 2],
  ['a command of ifconfig.ipsecN', 'ifconfig.ipsec0', 'create\n!sysctl -w net.inet.ip.forwarding=1\n', 2],
  ['a script of ifconfig commands', 'up.sh', `${tunnel}sysctl -w net.inet.ip.forwarding=1\n`, 4],
  ['a script of ip(8)', 'up.sh', 'ip link add vpn type xfrm if_id 5\nsysctl -w net.inet.ip.forwarding=1\n', 2],
  ['a file of settings without a name', 'pasted', '\nnet.inet.ip.forwarding=1\n', 2],
];

for (const [what, name, text, line] of cases) {
  test(`${what}: the setting is told once, with its line`, () => {
    const { unmapped } = importFiles([{ name, text }], null, random);
    const told = unmapped.filter((one) => one.text.includes('forwarding'));
    assert.deepEqual(
      told.map((one) => [one.file, one.line, one.text]),
      [[name, line, 'net.inet.ip.forwarding=1']],
    );
  });
}

test('what the import goes by itself is not told', () => {
  const { unmapped } = importFiles([{ name: 'sysctl.conf', text: 'net.ipsecif.use_fixed_reqid=1\n' }], null, random);
  assert.deepEqual(unmapped, []);
});
