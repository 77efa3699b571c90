/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planIfconfig } from '#core/tunnel/command/ifconfig-run.ts';

const told = (text: string, name: string | null): unknown[] =>
  planIfconfig(text, name).errors.map(({ line, column, message, isSyntax }) => [line, column, message, isSyntax]);

test('a file of one interface, and lines that name their own, become steps in order', () => {
  const shown = (text: string, name: string | null): string[] => {
    const { steps, errors } = planIfconfig(text, name);
    assert.deepEqual(errors, []);
    return steps.map((step) => `${step.name} ${step.statement.kind}`);
  };
  assert.deepEqual(shown('# ours\ncreate link0\nup\n', 'ipsec0'), ['ipsec0 create', 'ipsec0 flag', 'ipsec0 up']);
  assert.deepEqual(shown('ifconfig ipsec1 create\nipsec2 create', null), ['ipsec1 create', 'ipsec2 create']);
  assert.deepEqual(shown('ipsec1 up', 'ipsec1'), ['ipsec1 up']);
});

test('syntax errors come alone, all of them', () => {
  assert.deepEqual(told('dwon\n!route add x y\nmtu', 'ipsec0'), [
    [1, 1, 'unknown word "dwon"; did you mean "down"?', true],
    [3, 4, '"mtu" needs a number', true],
  ]);
});

test('what can never be carried out is found before anything is done: shell, destroy, another interface, none', () => {
  assert.deepEqual(told('up\n !route add x y\nmtu 1400 destroy\nipsec1 up', 'ipsec0'), [
    [2, 2, 'culvertd runs no shell, so "!" lines are not carried out', false],
    [3, 10, 'destroy cannot be undone, so it stands alone and never in a text', false],
    [4, 1, 'the line is about ipsec1, and the file about ipsec0', false],
  ]);
  assert.deepEqual(told('ipsec1 up\nup', null), [[2, 1, 'the line names no interface', false]]);
});
