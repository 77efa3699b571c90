import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sad } from '#core/sad/sad.ts';
import { expireEvent } from '#core/tunnel/event/gateway-event.ts';
import { testAssociation } from '#test/support/associations.ts';

test('an expire event names the association and the limit, and holds no key', () => {
  const association = new Sad({ limit: 1 }).add(testAssociation(256, { reqid: 9 }), 0, 1);
  assert.deepEqual(expireEvent({ kind: 'soft', limit: 'bytes', association }, 5), {
    ...{ kind: 'expire', atMs: 5, hardness: 'soft', limit: 'bytes' },
    ...{ source: '192.0.2.1', destination: '192.0.2.2', protocol: 'esp', spi: 256, reqid: 9 },
  });
});
