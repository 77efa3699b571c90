/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIfconfigRequest } from '#core/cli/ifconfig/ifconfig-flags.ts';

const parse = (line: string): unknown => parseIfconfigRequest(line.split(' ').filter((word) => word !== ''));

test('words that begin with a minus behind the interface are no flags', () => {
  assert.deepEqual(parse('ipsec0 -link2'), {
    kind: 'change',
    name: 'ipsec0',
    changes: [{ kind: 'flag', flag: 'link2', isSet: false }],
  });
  assert.deepEqual(parse('ipsec0 -alias 10.0.0.1'), {
    kind: 'change',
    name: 'ipsec0',
    changes: [{ kind: 'delete', address: '10.0.0.1' }],
  });
});

test('-v and -m are taken and add nothing', () => {
  assert.deepEqual(parse('-v ipsec0'), { kind: 'show', name: 'ipsec0' });
  assert.deepEqual(parse('-am'), { kind: 'all', filter: { state: null, isConnected: false } });
});

test('what makes no sense is refused with the flag', () => {
  const cases = [
    ['-x', /unknown option "-x"/],
    ['--all', /unknown option "--all"/],
    ['-', /unknown option "-"/],
    ['-a ipsec0', /"-a" takes no further words/],
    ['-C ipsec0', /"-C" takes no further words/],
    ['-ud', /-u and -d exclude each other/],
    ['-f', /-f needs the name of a file/],
    ['-n ipsec0', /-n goes with -f/],
    ['ipsec0 -f x up', /-f takes no further words/],
  ] as const;
  for (const [line, message] of cases) assert.throws(() => parse(line), { code: 'IFCONFIG_WORD', message }, line);
  assert.throws(() => parse('em0 -f x'), { code: 'INTERFACE_NAME' });
});
