/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptionAlgorithms, integrityAlgorithms, refusedAlgorithms } from '#core/crypto/algorithms.ts';
import { optionWords } from '#core/setkey/reading/association-parser.ts';
import { portWords, protocolWords } from '#core/setkey/protocol-name.ts';
import * as syntax from '#core/setkey/syntax.ts';
import { describeWord } from '#core/setkey/editor/vocabulary.ts';

test('every word that the parsers look for is known', () => {
  const words = [
    ...[...syntax.commandWords, ...syntax.associationProtocolWords, ...syntax.policyActions, ...syntax.ruleLevels],
    ...[...syntax.policyDirections, ...syntax.ruleModes, ...syntax.ruleProtocols],
    ...[...optionWords, ...portWords, ...protocolWords, ...Object.keys(refusedAlgorithms)],
    ...[encryptionAlgorithms, integrityAlgorithms].flatMap((table) => Object.keys(table)),
  ];
  for (const word of words) assert.ok(describeWord(word) !== null, word);
  assert.equal(describeWord('dmup'), null);
});

test('an algorithm is told with its label, a refused one with the reason', () => {
  assert.deepEqual(describeWord('rijndael-cbc'), { kind: 'algorithm', detail: encryptionAlgorithms['aes-cbc'].label });
  assert.deepEqual(describeWord('des-cbc'), {
    kind: 'algorithm',
    detail: refusedAlgorithms['des-cbc'],
    isRefused: true,
  });
});
