/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSetkeyFlags, type SetkeyFlags } from '#core/cli/setkey-flags.ts';

const flags = (line: string): SetkeyFlags => parseSetkeyFlags(line.split(' ').filter((word) => word !== ''));
const parse = (line: string): unknown => flags(line).request;
const run = (file: string | null, semantics: string): unknown => ({
  kind: 'run',
  files: [file],
  semantics,
  isStandardInput: false,
  isVerbose: false,
});
const runInput = (semantics: string): unknown => ({
  kind: 'run',
  files: [null],
  semantics,
  isStandardInput: true,
  isVerbose: false,
});

test('letters stand alone or together', () => {
  const dump = { kind: 'dump', what: 'policies', withKeys: true, isVerbose: false };
  for (const line of ['-DP', '-PD', '-D -P']) assert.deepEqual(parse(line), dump, line);
  assert.deepEqual(parse('-D'), { ...dump, what: 'associations' });
  assert.deepEqual(parse('-D --no-keys'), { ...dump, what: 'associations', withKeys: false });
  assert.deepEqual(parse('-F'), { kind: 'flush', what: 'associations' });
  assert.deepEqual(parse('-FP'), { kind: 'flush', what: 'policies' });
});

test('-c reads standard input one by one, -f a file as a whole, -n only checks', () => {
  assert.deepEqual(parse('-c'), runInput('statements'));
  for (const line of ['-f sa.conf', '-fsa.conf']) assert.deepEqual(parse(line), run('sa.conf', 'file'));
  assert.deepEqual(parse('-f -'), run(null, 'file'));
  for (const line of ['-n -f x', '-nf x', '-f x -n']) assert.deepEqual(parse(line), run('x', 'check'));
  assert.deepEqual(parse('-nc'), runInput('check'));
});

test('files stand without a flag, too, and several of them', () => {
  assert.deepEqual(parse('-v a - b'), {
    kind: 'run',
    files: ['a', null, 'b'],
    semantics: 'file',
    isStandardInput: false,
    isVerbose: true,
  });
  assert.deepEqual(parse('-n a'), run('a', 'check'));
});

test('monitor, loop and version', () => {
  assert.deepEqual(parse('-x'), { kind: 'monitor', withTime: false });
  for (const line of ['-xx', '-x -x', '-xHxv'])
    assert.deepEqual(parse(line), { kind: 'monitor', withTime: true }, line);
  for (const line of ['-Dl', '-l']) assert.deepEqual(parse(line), { kind: 'loop' }, line);
  assert.deepEqual(parse('-V'), { kind: 'version' });
});

test('flags that change nothing are taken, and those that do nothing are told', () => {
  assert.deepEqual(flags('-DPapv'), {
    request: { kind: 'dump', what: 'policies', withKeys: true, isVerbose: true },
    ignored: [],
  });
  assert.deepEqual(flags('-krDHh').ignored, ['H', 'h', 'k', 'r']);
});

test('what makes no sense is refused with the flag', () => {
  const cases = [
    ['', /one of -c, -f, -D, -F, -x and -V is needed/],
    ['-P', /one of/],
    ['-X', /"-X"/],
    ['-DF', /-D and -F exclude each other/],
    ['-f', /-f needs/],
    ['-cP', /-P goes with/],
    ['-nD', /-n goes with/],
    ['-nx', /-n goes with/],
    ['-DPl', /-l goes with/],
    ['-f a b', /-f takes one file/],
    ['-D a', /-D takes no file/],
    ['--dump', /unknown word "--dump"/],
    ['-D --no-key', /did you mean "--no-keys"/],
  ] as const;
  for (const [line, message] of cases) assert.throws(() => parse(line), { code: 'SETKEY_USAGE', message }, line);
});
