/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatUpperProtocol,
  parsePort,
  parseUpperProtocol,
  protocolWords,
  upperProtocolWord,
} from '#core/setkey/protocol-name.ts';

test('reads numbers, names of /etc/protocols and setkey words', () => {
  const cases = [
    ['any', 255],
    ['hopopt', 0],
    ['ip4', 4],
    ['icmp6', 58],
    ['tcp', 6],
    ['0', 0],
    ['255', 255],
    ['256', null],
    ['-1', null],
    ['toString', null],
    ['TCP', 6],
    ['IPV6-ICMP', 58],
    ['Tcp', null],
    ['ANY', null],
  ] as const;
  for (const [word, number] of cases) assert.equal(parseUpperProtocol(word), number, word);
});

test('prints number and name as dumps do', () => {
  assert.equal(formatUpperProtocol(4), '4(ipv4)');
  assert.equal(formatUpperProtocol(41), '41(ipv6)');
  assert.equal(formatUpperProtocol(255), '255(reserved)');
  assert.equal(formatUpperProtocol(200), '200');
});

test('every number has a word that reads back', () => {
  for (let number = 0; number <= 255; number++) assert.equal(parseUpperProtocol(upperProtocolWord(number)), number);
  for (const word of protocolWords) assert.notEqual(parseUpperProtocol(word), null);
});

test('reads ports', () => {
  const cases = [
    ['any', 0],
    ['4500', 4500],
    ['65535', 65535],
    ['65536', null],
    ['isakmp', 500],
    ['domain', 53],
    ['l2tp', 1701],
    ['', null],
  ] as const;
  for (const [word, number] of cases) assert.equal(parsePort(word), number, word);
});
