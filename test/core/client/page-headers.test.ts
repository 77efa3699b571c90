import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageHeaders } from '#core/client/page-headers.ts';

const policyOf = (connectSources: readonly string[]): string =>
  pageHeaders(connectSources)['Content-Security-Policy'] ?? '';

test('a page that names no place to connect to may connect nowhere', () => {
  assert.match(policyOf([]), /; connect-src 'none';/);
  assert.match(policyOf(["'self'", 'ws://127.0.0.1:1']), /; connect-src 'self' ws:\/\/127\.0\.0\.1:1;/);
});

test('what is not named is denied, and nothing is unsafe', () => {
  const policy = policyOf([]);
  assert.ok(policy.startsWith("default-src 'none'; "));
  for (const part of ["object-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"])
    assert.ok(policy.split('; ').includes(part), part);
  assert.ok(!policy.includes('unsafe'));
});
