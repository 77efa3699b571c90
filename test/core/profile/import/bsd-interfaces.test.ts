import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BsdInterfaces } from '#core/profile/import/bsd-interfaces.ts';
import { noFindings, type Findings } from '#core/profile/import/imported.ts';

function carryOut(
  owner: string | null,
  ...lines: readonly string[]
): { interfaces: BsdInterfaces; findings: Findings } {
  const findings = noFindings();
  const interfaces = new BsdInterfaces(findings);
  for (const [index, text] of lines.entries()) interfaces.ifconfig({ file: 'f', line: index + 1, owner, text });
  return { interfaces, findings };
}

test('lines of /etc/ifconfig.ipsecN are about their interface, and a line of the shell adds a route', () => {
  const { interfaces, findings } = carryOut(
    'ipsec0',
    'create',
    'tunnel 192.0.2.1 192.0.2.2',
    'inet 10.0.0.1/32 10.0.0.2',
    '!route add -net 10.2.0.0/24 10.0.0.2',
    'up',
  );
  const [tunnel] = interfaces.tunnels((file) => `name of ${file}`);
  assert.deepEqual(findings.unmapped, []);
  assert.deepEqual([tunnel?.name, tunnel?.routes], ['name of f', ['10.2.0.0/24']]);
});

test('the reqids of the generated policies tell the family of an association', () => {
  const { interfaces } = carryOut('ipsec0', 'tunnel 192.0.2.1 192.0.2.2');
  const [tunnel] = interfaces.tunnels(() => null);
  const families = Array.from({ length: 20_000 }, (_, reqid) => tunnel?.familyOf('out', reqid) ?? null);
  assert.ok(families.includes('ipv4'));
  assert.ok(families.includes('ipv6'));
  assert.equal(families[0], null);
});

test('of two interfaces a route belongs to the one that has its gateway', () => {
  const { interfaces, findings } = carryOut(
    null,
    'ifconfig ipsec0 tunnel 192.0.2.1 192.0.2.2',
    'ifconfig ipsec1 tunnel 192.0.2.1 192.0.2.3',
    'ifconfig ipsec1 inet 10.0.1.1/32 10.0.1.2',
  );
  const command = { file: 'f', line: 4, owner: null };
  interfaces.command({ ...command, text: 'route add -net 10.3.0.0/24 10.0.1.2' });
  interfaces.command({ ...command, line: 5, text: 'route add -net 10.9.0.0/24 198.51.100.1' });
  assert.deepEqual(
    interfaces.tunnels(() => null).map((tunnel) => [tunnel.interface, tunnel.routes]),
    [
      ['ipsec0', []],
      ['ipsec1', ['10.3.0.0/24']],
    ],
  );
  assert.deepEqual(
    findings.unmapped.map(({ line, why }) => [line, why]),
    [[5, 'it leads through no interface of these files']],
  );
});

test('an interface without outer addresses, and commands of the shell that are no route, are told', () => {
  const { interfaces, findings } = carryOut('ipsec0', 'create', '!npfctl reload');
  assert.deepEqual(
    interfaces.tunnels(() => null),
    [],
  );
  assert.deepEqual(
    findings.unmapped.map(({ why }) => why),
    ['it is no route that leads into a tunnel', 'it has no outer addresses'],
  );
});
