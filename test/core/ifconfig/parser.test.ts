/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maximumErrors, parseIfconfig } from '#core/ifconfig/parser.ts';

const sample = `# the tunnel to the branch office
create
link0 mtu 1400 # NAT-T

  tunnel 192.0.2.1,4500 198.51.100.1,4500
inet 172.16.100.1/32 172.16.200.1
!route add 10.0.0.0/8 172.16.200.1
`;

test('a file is read line by line, with comments and where everything stands', () => {
  const { lines, errors } = parseIfconfig(sample);
  assert.deepEqual(errors, []);
  const at = (line: number, column: number): object => ({ position: { line, column } });
  assert.deepEqual(lines, [
    { kind: 'blank', ...at(1, 1), comment: ' the tunnel to the branch office' },
    { kind: 'statements', ...at(2, 1), name: null, statements: [{ kind: 'create', ...at(2, 1) }], comment: null },
    {
      kind: 'statements',
      ...at(3, 1),
      name: null,
      statements: [
        { kind: 'flag', flag: 'link0', isSet: true, ...at(3, 1) },
        { kind: 'mtu', mtu: 1400, ...at(3, 7) },
      ],
      comment: ' NAT-T',
    },
    { kind: 'blank', ...at(4, 1), comment: null },
    {
      kind: 'statements',
      ...at(5, 3),
      name: null,
      statements: [
        {
          kind: 'tunnel',
          local: '192.0.2.1',
          peer: '198.51.100.1',
          localPort: 4500,
          peerPort: 4500,
          ...at(5, 3),
        },
      ],
      comment: null,
    },
    {
      kind: 'statements',
      ...at(6, 1),
      name: null,
      statements: [{ kind: 'address', address: '172.16.100.1', prefixLength: 32, peer: '172.16.200.1', ...at(6, 1) }],
      comment: null,
    },
    { kind: 'shell', ...at(7, 1), command: 'route add 10.0.0.0/8 172.16.200.1' },
  ]);
});

test('whole commands are read in each of their spellings', () => {
  for (const front of ['ipsec0', 'ifconfig ipsec0', '/sbin/ifconfig ipsec0', 'culvert ifconfig ipsec0']) {
    const { lines, errors } = parseIfconfig(`${front} create up`);
    assert.deepEqual(errors, [], front);
    const [line] = lines;
    assert.ok(line?.kind === 'statements');
    assert.deepEqual([line.name, line.statements.map(({ kind }) => kind)], ['ipsec0', ['create', 'up']]);
  }
});

test('every error of a text is told at once, with line, column and the nearest word', () => {
  const { lines, errors } = parseIfconfig(
    'create\n  up destory\ntunnel 192.0.2.1\nifconfig em0 up\ninet 10.0.0.1/33\nifconfig\ntunnel 192.0.2.1,x 192.0.2.2\r\n',
  );
  assert.equal(lines.length, 1);
  assert.deepEqual(
    errors.map(({ line, column, message, suggestion }) => [line, column, message, suggestion]),
    [
      [2, 6, 'unknown word "destory"; did you mean "destroy"?', 'destroy'],
      [3, 17, '"tunnel" needs two addresses', null],
      [4, 10, '"em0" is not the name of an ipsec interface', null],
      [5, 15, 'prefix length "33" is not a number from 0 to 32', null],
      [6, 1, '"ifconfig" needs the name of an interface', null],
      [7, 18, '"x" is not a port from 0 to 65535', null],
    ],
  );
});

test('carriage returns, a byte order mark and no line feed at the end change nothing', () => {
  assert.deepEqual(parseIfconfig('\ufeffcreate\r\nup\r\n'), parseIfconfig('create\nup'));
  assert.deepEqual(parseIfconfig('').lines, []);
});

test('a file that is not ifconfig’s language ends after a hundred errors', () => {
  assert.equal(parseIfconfig('frobnicate\n'.repeat(100_000)).errors.length, maximumErrors);
});

test('any text gives lines and errors within it, and nothing is thrown', () => {
  const unit = fc.constantFrom(...'create tunnel,10.0./:\n#!%\t\u0000é'.split(''), 'inet ', 'ipsec0 ', '255.0.0.0 ');
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit, maxLength: 80 })), (text) => {
      const { lines, errors } = parseIfconfig(text);
      const count = text.split('\n').length;
      assert.ok(lines.length + errors.length <= count);
      for (const { line, column } of errors) assert.ok(line >= 1 && line <= count && column >= 1);
    }),
  );
});
