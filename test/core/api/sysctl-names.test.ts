import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findNode, optionCommands, sysctlNodes, type SysctlChange } from '#core/api/sysctl-names.ts';
import { thrownCode } from '#test/support/thrown-code.ts';
import { exampleStatus } from '../cli/fake-helper.ts';

const nodes = sysctlNodes(exampleStatus);

test('every node has NetBSD’s name and default, or one of ours (ipsecif.h, in6_proto.c)', () => {
  assert.deepEqual(
    nodes.map(({ name, value }) => [name, value]),
    [
      ['net.inet.ipsec.dfbit', 0],
      ['net.inet6.ip6.ipsecifhlim', 64],
      ['net.inet6.ip6.ipsecifpmtu', 0],
      ['net.interfaces.ipsec0.answer_refused', 0],
      ['net.interfaces.ipsec0.dummy_rate', 0],
      ['net.interfaces.ipsec0.follow_peer', 0],
      ['net.interfaces.ipsec0.keepalive', 1],
      ['net.interfaces.ipsec0.pmtu', -1],
      ['net.interfaces.ipsec0.tfc_pad', 0],
      ['net.ipsecif.audit', 1],
      ['net.ipsecif.icmp_paramprob', 1],
      ['net.ipsecif.icmp_timxceed', 1],
      ['net.ipsecif.icmp_toobig', 1],
      ['net.ipsecif.icmp_unreach', 1],
      ['net.ipsecif.log_ecn', 1],
      ['net.ipsecif.pmtu_expires', 600],
      ['net.ipsecif.pmtu_least', 576],
      ['net.ipsecif.reqid_base', 8192],
      ['net.ipsecif.use_fixed_reqid', 0],
    ],
  );
});

test('a number becomes what the contract calls it, and one that has no meaning is refused', () => {
  const change = (name: string, value: number): SysctlChange => findNode(nodes, name).change(value);
  assert.deepEqual(change('net.inet.ipsec.dfbit', 2), { method: 'settings.set', params: { dontFragment: 'copy' } });
  assert.deepEqual(change('net.ipsecif.use_fixed_reqid', 1), {
    ...{ method: 'settings.set', params: { usesFixedReqid: true } },
  });
  assert.deepEqual(change('net.interfaces.ipsec0.pmtu', -1), {
    ...{ method: 'interface.setOptions', params: { name: 'ipsec0', pmtu: -1 } },
  });
  assert.deepEqual(change('net.interfaces.ipsec0.tfc_pad', 256), {
    ...{ method: 'interface.setOptions', params: { name: 'ipsec0', tfcMultiple: 256 } },
  });
  assert.deepEqual(change('net.interfaces.ipsec0.follow_peer', 1), {
    ...{ method: 'interface.setOptions', params: { name: 'ipsec0', followsPeer: true } },
  });
  assert.deepEqual(change('net.interfaces.ipsec0.keepalive', 0), {
    ...{ method: 'interface.setOptions', params: { name: 'ipsec0', keepalives: false } },
  });
  assert.deepEqual(change('net.interfaces.ipsec0.dummy_rate', 10), {
    ...{ method: 'interface.setOptions', params: { name: 'ipsec0', dummiesPerSecond: 10 } },
  });
  for (const [name, value] of [
    ['net.inet.ipsec.dfbit', 3],
    ['net.inet.ipsec.dfbit', -1],
    ['net.inet6.ip6.ipsecifpmtu', -1],
    ['net.interfaces.ipsec0.pmtu', 2],
    ['net.interfaces.ipsec0.follow_peer', 2],
    ['net.ipsecif.use_fixed_reqid', 2],
  ] as const)
    assert.equal(
      thrownCode(() => change(name, value)),
      'INTERFACE_OPTION',
      name,
    );
});

test('an unknown name is refused with the nearest one', () => {
  assert.throws(() => findNode(nodes, 'net.ipsecif.reqid_bas'), /did you mean "net.ipsecif.reqid_base"/);
  assert.throws(() => findNode(nodes, 'kern.ostype'), { code: 'SYSCTL_NAME' });
});

test('a changed option is told as the command that sets its node, and as a comment where no node stands for it', () => {
  const commands = optionCommands('ipsec0', { pmtu: 1, keepalives: false, hopLimit: null, dontFragment: 'set' });
  assert.deepEqual(commands, [
    'culvert sysctl net.interfaces.ipsec0.pmtu=1',
    'culvert sysctl net.interfaces.ipsec0.keepalive=0',
    '# hopLimit: as set for all',
    '# dontFragment: set',
  ]);
  for (const command of commands.slice(0, 2)) {
    const name = command.split(' ')[2]?.split('=')[0] ?? '';
    assert.equal(findNode(nodes, name).name, name);
  }
});
