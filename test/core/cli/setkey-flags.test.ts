/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSetkeyFlags } from '#core/cli/setkey-flags.ts';

const parse = (line: string): unknown => parseSetkeyFlags(line.split(' ').filter((word) => word !== ''));

test('letters stand alone or together', () => {
  const dump = { kind: 'dump', what: 'policies', withKeys: true };
  for (const line of ['-DP', '-PD', '-D -P']) assert.deepEqual(parse(line), dump, line);
  assert.deepEqual(parse('-D'), { ...dump, what: 'associations' });
  assert.deepEqual(parse('-D --no-keys'), { ...dump, what: 'associations', withKeys: false });
  assert.deepEqual(parse('-F'), { kind: 'flush', what: 'associations' });
  assert.deepEqual(parse('-FP'), { kind: 'flush', what: 'policies' });
});

test('-c reads standard input one by one, -f a file as a whole, -n only checks', () => {
  assert.deepEqual(parse('-c'), { kind: 'run', file: null, semantics: 'statements' });
  for (const line of ['-f sa.conf', '-fsa.conf'])
    assert.deepEqual(parse(line), { kind: 'run', file: 'sa.conf', semantics: 'file' });
  assert.deepEqual(parse('-f -'), { kind: 'run', file: null, semantics: 'file' });
  for (const line of ['-n -f x', '-nf x', '-f x -n'])
    assert.deepEqual(parse(line), { kind: 'run', file: 'x', semantics: 'check' });
  assert.deepEqual(parse('-nc'), { kind: 'run', file: null, semantics: 'check' });
});

test('what makes no sense is refused with the flag', () => {
  const cases = [
    ['', /one of -c, -f, -D and -F is needed/],
    ['-P', /one of/],
    ['-X', /"-X"/],
    ['-DF', /-D and -F exclude each other/],
    ['-f', /-f needs/],
    ['-cP', /-P goes with/],
    ['-nD', /-n goes with/],
    ['dump', /unknown word "dump"/],
    ['-D --no-key', /did you mean "--no-keys"/],
  ] as const;
  for (const [line, message] of cases) assert.throws(() => parse(line), { code: 'SETKEY_USAGE', message }, line);
});
