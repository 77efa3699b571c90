import assert from 'node:assert/strict';
import { test } from 'node:test';
import { separateFiles, textKindOf } from '#core/profile/import/text-kind.ts';

const kinds = [
  ['/etc/ifconfig.ipsec3', 'create', 'ifconfig'],
  ['x', '# a\nadd 1.1.1.1 2.2.2.2 esp 1;', 'setkey'],
  ['x', 'delete 1.1.1.1 2.2.2.2 esp 1;', 'setkey'],
  ['x', 'ifconfig ipsec0 delete 10.0.0.1', 'ifconfig'],
  ['x', 'ifconfig_ipsec0="up"', 'rc.conf'],
  ['etc/route.conf', 'inet 10.0.0.0/8 10.0.0.1', 'route.conf'],
  ['x', 'src 192.0.2.1 dst 192.0.2.2', 'xfrm'],
  ['x', 'connections {', 'swanctl'],
  ['x', ' {"profile": 1}', 'json'],
  ['x', 'culvert1:{}', 'compact'],
] as const;

for (const [name, text, kind] of kinds) {
  test(`"${text.slice(0, 30).replaceAll('\n', ' ')}" in ${name} is ${kind}`, () =>
    assert.equal(textKindOf({ name, text }), kind));
}

test('files in one text are taken apart by the lines that name them', () => {
  const text = '# ==> a <==\none\n\n# ==> b <==\ntwo\n';
  assert.deepEqual(
    separateFiles([{ name: 'all', text }]).map(({ name }) => name),
    ['a', 'b'],
  );
});
