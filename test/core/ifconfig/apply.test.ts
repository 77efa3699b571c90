import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChange } from '#core/ifconfig/apply.ts';
import { parseIfconfig } from '#core/ifconfig/parser.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import { Spd } from '#core/spd/spd.ts';

test('the statements of a text make the interface that they describe', () => {
  const ipsecif = new Ipsecif(new Spd());
  const { lines } = parseIfconfig(
    'link1\ntunnel 192.0.2.1 192.0.2.2\ninet 10.0.0.1/32 10.0.0.2\nmtu 1400\n-alias 10.0.0.1\n',
  );
  for (const line of lines) {
    if (line.kind === 'statements') for (const each of line.statements) applyChange(ipsecif, 'ipsec4', each);
  }
  const { flags, mtu, outer, addresses } = ipsecif.get('ipsec4');
  assert.deepEqual([flags.link1, flags.isUp, mtu, outer?.peer, addresses], [true, true, 1400, '192.0.2.2', []]);
  for (const text of ['inet6 fe80::1%ipsec4/64', '-alias fe80::1%ipsec4']) {
    const [line] = parseIfconfig(text).lines;
    if (line?.kind === 'statements') for (const each of line.statements) applyChange(ipsecif, 'ipsec4', each);
  }
  assert.deepEqual(ipsecif.get('ipsec4').addresses, []);
  applyChange(ipsecif, 'ipsec4', { kind: 'destroy' });
  assert.equal(ipsecif.size, 0);
});
