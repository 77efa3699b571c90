/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFailure, reportFailures } from '#core/cli/setkey-failure.ts';
import { sourceExcerpts } from '#core/setkey/source-excerpt.ts';
import { fakeTerminal } from './fake-helper.ts';

const failure = { line: 1, column: 5, message: 'there is one', hint: 'Take another.', isSyntax: false };
const text = 'add 192.0.2.1 192.0.2.2 esp 10001 -E null;';

test('standard output has setkey’s line alone, standard error the place, the line and what helps', () => {
  const terminal = fakeTerminal();
  reportFailures({ name: 'sa.conf', text }, [{ ...failure, errno: 'EEXIST' }], terminal);
  assert.equal(terminal.output, 'The result of line 1: File exists.\n');
  assert.equal(terminal.errors, `sa.conf:1:5:\n    ${text}\n        ^\n  there is one. Take another.\n`);
});

test('an errno that BSD has no text for leaves the message itself', () => {
  const said = formatFailure(sourceExcerpts(text), failure);
  assert.equal(said, `The result of line 1: there is one.\n    ${text}\n        ^\n  Take another.\n`);
});
