/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTunnel } from '#core/ifconfig/tunnel-parser.ts';
import { WordReader, wordsOf } from '#core/ifconfig/word-reader.ts';

const parse = (line: string): unknown => readTunnel(new WordReader(wordsOf(line.split(' '))), null);

test('ports are numbers or services, each optional', () => {
  assert.deepEqual(parse('192.0.2.1,ipsec-nat-t 198.51.100.1'), {
    kind: 'tunnel',
    local: '192.0.2.1',
    peer: '198.51.100.1',
    localPort: 4500,
    peerPort: 0,
  });
});

test('port 0 is none, as NetBSD has it', () => {
  assert.deepEqual(parse('192.0.2.1,0 198.51.100.1,0'), parse('192.0.2.1 198.51.100.1'));
});

test('errors point at the address or the port that is wrong', () => {
  const cases = [
    ['192.0.2.1,65536 192.0.2.2', 'PORT_RANGE', 11],
    ['192.0.2.1 192.0.2.2,1,2', 'PORT_RANGE', 21],
    ['192.0.2.1 2001:db8::1', 'ADDRESS_FAMILY_MIXED', 11],
    ['ff02::1 2001:db8::1', 'ADDRESS_UNUSABLE', 1],
    ['2001:db8::1 ff02::1', 'ADDRESS_UNUSABLE', 13],
    ['fe80::1%a fe80::2%b', 'ADDRESS_FAMILY_MIXED', 11],
    ['192.0.2.1 host.example', 'ADDRESS_NAME', 11],
  ] as const;
  for (const [line, code, column] of cases) {
    const isRight = (error: unknown): boolean => {
      const { details, code: found } = error as { details: Record<string, unknown>; code: string };
      assert.deepEqual([found, details['line'], details['column']], [code, 1, column], line);
      return true;
    };
    assert.throws(() => parse(line), isRight);
  }
});
