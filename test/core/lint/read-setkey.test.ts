import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyInput, type LintInput } from '#core/lint/lint-input.ts';
import { readSetkeyFile } from '#core/lint/read-setkey.ts';

const keys = `-E aes-gcm-16 0x${'5a'.repeat(20)}`;
const add = (spi: number): string => `add 192.0.2.1 198.51.100.1 esp ${spi} ${keys};\n`;

function read(text: string): LintInput {
  const input = emptyInput();
  readSetkeyFile({ name: 'f', text }, input);
  return input;
}
const spis = (text: string): number[] => read(text).associations.map(({ spec }) => spec.spi);
const destinations = (text: string): string[] => read(text).policies.map(({ spec }) => spec.selector.destination);

test('what stays is what the text leaves: flush, delete, deleteall and update undo what stood before', () => {
  assert.deepEqual(spis(add(1000) + add(1001)), [1000, 1001]);
  assert.deepEqual(spis(`${add(1000)}flush;\n${add(1001)}`), [1001]);
  assert.deepEqual(spis(`${add(1000)}${add(1001)}delete 192.0.2.1 198.51.100.1 esp 1000;`), [1001]);
  assert.deepEqual(spis(`${add(1000)}${add(1001)}deleteall 192.0.2.1 198.51.100.1 esp;`), []);
  assert.deepEqual(spis(`${add(1000)}update 192.0.2.1 198.51.100.1 esp 1000 ${keys};`), [1000]);
});

test('policies likewise: spdflush, spddelete and spdupdate', () => {
  const [one, two] = ['10.0.0.1 10.0.0.2 any -P out', '10.0.0.1 10.0.0.3 any -P out'];
  assert.deepEqual(destinations(`spdadd ${one} none; spdadd ${two} none;`), ['10.0.0.2/32', '10.0.0.3/32']);
  assert.deepEqual(destinations(`spdadd ${one} none; spdflush; spdadd ${two} none;`), ['10.0.0.3/32']);
  assert.deepEqual(destinations(`spdadd ${one} none; spdadd ${two} none; spddelete ${one};`), ['10.0.0.3/32']);
  const [updated, ...more] = read(`spdadd ${one} none; spdupdate ${one} discard;`).policies;
  assert.deepEqual([updated?.spec.action, more.length], ['discard', 0]);
});

test('dumps change nothing', () => {
  assert.deepEqual(spis(`${add(1000)}dump; spddump;`), [1000]);
});

test('what is refused is a finding and declares nothing; a warning is a finding of its own', () => {
  const { findings, associations } = read(
    `${add(1000)}add 192.0.2.1 198.51.100.1 esp 5 -E des-cbc 0x0123456789abcdef;\n`,
  );
  assert.deepEqual(
    findings.map(({ code, line }) => [code, line]),
    [
      ['KEY_COUNTER_BY_HAND', 1],
      ['TEXT_REFUSED', 2],
    ],
  );
  assert.equal(associations.length, 1);
});
