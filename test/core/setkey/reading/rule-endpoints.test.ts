/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lexer } from '#core/setkey/lexer.ts';
import { readRuleEndpoints } from '#core/setkey/reading/rule-endpoints.ts';
import { TokenReader } from '#core/setkey/reading/token-reader.ts';

const read = (text: string): unknown => readRuleEndpoints(new TokenReader(new Lexer(text)));
const pair = (source: string, destination: string, ports: readonly [number, number] = [0, 0]): unknown => ({
  source: { address: source, port: ports[0] },
  destination: { address: destination, port: ports[1] },
});

test('white space around the dash means nothing', () => {
  for (const text of ['1.1.1.1-2.2.2.2', '1.1.1.1 -2.2.2.2', '1.1.1.1- 2.2.2.2', '1.1.1.1\n-\n2.2.2.2'])
    assert.deepEqual(read(text), pair('1.1.1.1', '2.2.2.2'), text);
  for (const text of ['me-any', 'me - any', 'me -any', 'me- any']) assert.equal(read(text), 'me-any', text);
  assert.equal(read('any - me'), 'any-me');
});

test('each address may have a port', () => {
  for (const text of ['::1[5]-::2[6]', '::1 [5] - ::2 [6]'])
    assert.deepEqual(read(text), pair('::1', '::2', [5, 6]), text);
  assert.deepEqual(read('1.1.1.1[500]-2.2.2.2'), pair('1.1.1.1', '2.2.2.2', [500, 0]));
});

test('a dash of a zone is none between addresses', () => {
  assert.deepEqual(read('fe80::1%br-lan-fe80::2%br-lan'), pair('fe80::1%br-lan', 'fe80::2%br-lan'));
  assert.deepEqual(read('fe80::1%a-1.1.1.1'), pair('fe80::1%a', '1.1.1.1'));
});

test('what is no pair is refused where it goes wrong', () => {
  const cases = [
    ['1.1.1.1/', 8],
    ['1.1.1.1-x/', 1],
    ['x-1.1.1.1/', 1],
    ['1.1.1.1 2.2.2.2/', 9],
    ['1.1.1.1 - /', 11],
    ['1.1.1.1- any/', 10],
    ['me-me/', 1],
    ['me[5]-any/', 3],
    ['1.1.1.1-[5] 2.2.2.2/', 9],
    ['1.1.1.1 - -2.2.2.2/', 11],
    ['me - 1.1.1.1/', 6],
  ] as const;
  for (const [text, column] of cases) {
    const isRight = (error: unknown): boolean => {
      const { details } = error as { details: Record<string, unknown> };
      assert.equal(details['column'], column, text);
      return true;
    };
    assert.throws(() => read(text), isRight);
  }
});
