/**
 * A few messages at a time, however the bytes are cut, and what ends a connection.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IpsecError } from '#core/base/error.ts';
import { createMessageGate, mostInFlight } from '#core/helper/message-gate.ts';

const frame = (body: string): Buffer => Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A gate that collects what comes through. */
function collectingGate(maxBodyBytes = 100) {
  const gate = createMessageGate(maxBodyBytes);
  const out: Buffer[] = [];
  const errors: unknown[] = [];
  gate.stream.on('data', (data: Buffer) => out.push(data));
  gate.stream.on('error', (error) => errors.push(error));
  return { gate, errors, text: () => Buffer.concat(out).toString() };
}

test('a few messages go through, and each that is answered lets one more through', async () => {
  const { gate, text } = collectingGate();
  const frames = Array.from({ length: mostInFlight + 3 }, (_, index) => frame(`number ${index}`));
  gate.stream.write(Buffer.concat(frames));
  await settle();
  assert.equal(text(), frames.slice(0, mostInFlight).join(''));
  gate.open();
  await settle();
  assert.equal(text(), frames.slice(0, mostInFlight + 1).join(''));
});

test('a long message waits until it is alone, and others wait for it', async () => {
  const { gate, text } = collectingGate(200_000);
  const [short, long] = [frame('short'), frame('x'.repeat(100_000))];
  gate.stream.write(Buffer.concat([short, short, long, short]));
  const opened = [short.length * 2, short.length * 2, short.length * 2 + long.length, long.length + short.length * 3];
  for (const length of opened) {
    await settle();
    assert.equal(text().length, length);
    gate.open();
  }
});

test('opening the gate more often than messages came earns nothing', async () => {
  const { gate, text } = collectingGate();
  for (let count = 0; count < 20; count++) gate.open();
  gate.stream.write(Buffer.concat(Array.from({ length: mostInFlight + 1 }, () => frame('one'))));
  await settle();
  assert.equal(text().length, mostInFlight * frame('one').length);
});

test('however the bytes are cut, the same messages come through', async () => {
  const messages = ['a', 'bb'.repeat(40), '{"x":"Content-Length: 9\\r\\n\\r\\n"}'];
  const bytes = Buffer.concat(messages.map(frame));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length })), async (cuts) => {
      const { gate, text, errors } = collectingGate();
      const points = [0, ...cuts.sort((left, right) => left - right), bytes.length];
      for (const [index, point] of points.slice(1).entries()) gate.stream.write(bytes.subarray(points[index], point));
      for (let round = 0; round < messages.length; round++) {
        await settle();
        gate.open();
      }
      await settle();
      assert.deepEqual(errors, []);
      assert.equal(text(), bytes.toString());
    }),
    { numRuns: 60 },
  );
});

const refused: Record<string, { bytes: string; code: string }> = {
  'a message above the limit, before its body comes': {
    bytes: 'Content-Length: 101\r\n\r\n',
    code: 'API_MESSAGE_TOO_LONG',
  },
  'a header without end': { bytes: 'x'.repeat(256), code: 'API_BAD_PARAMS' },
  'a negative length': { bytes: 'Content-Length: -1\r\n\r\n', code: 'API_BAD_PARAMS' },
  'a length of 0': { bytes: 'Content-Length: 0\r\n\r\n', code: 'API_BAD_PARAMS' },
  'no length': { bytes: 'Content-Type: application/json\r\n\r\n', code: 'API_BAD_PARAMS' },
  HTTP: { bytes: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', code: 'API_BAD_PARAMS' },
};

for (const [what, { bytes, code }] of Object.entries(refused)) {
  test(`${what} ends the connection`, async () => {
    const { gate, errors, text } = collectingGate();
    gate.stream.write(bytes);
    await settle();
    assert.equal(text(), '');
    assert.equal(errors.length, 1);
    assert.ok(errors[0] instanceof IpsecError);
    assert.equal(errors[0].code, code);
  });
}
