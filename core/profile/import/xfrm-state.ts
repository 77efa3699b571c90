/**
 * Associations of `ip xfrm state` (ip-xfrm(8)): names of algorithms are the kernel's, windows are packets, limits have units.
 * @module
 */
import { fromHex } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import { encryptionSpellings, integritySpellings } from '#core/crypto/algorithm-spellings.ts';
import {
  encryptionRow,
  integrityRow,
  type EncryptionAlgorithmName,
  type IntegrityAlgorithmName,
} from '#core/crypto/algorithms.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { paddingKinds } from '#core/crypto/transform.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkAssociation } from '#core/sad/association-check.ts';
import { unlimited, type Lifetime } from '#core/sad/lifetime.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { parseSpi } from '#core/sad/spi.ts';
import { numberAfter, wordAfter } from './xfrm-word.ts';

/** An association, and the id of its XFRM interface; null for none. */
export type XfrmState = { readonly spec: AssociationSpec; readonly interfaceId: number | null };

/** Read one. @throws {IpsecError} `IMPORT_FORMAT` and what `checkAssociation` throws. */
export function readXfrmState(words: readonly string[]): XfrmState {
  if (wordAfter(words, 'proto') !== 'esp') throw refuse(`protocol ${wordAfter(words, 'proto') ?? 'none'} is not ESP`);
  const encapsulation = encapsulationOf(words);
  const suite = suiteOf(words);
  const hasEsn = hasFlag(words, 'esn');
  // A window of more than 32 packets stands in the lines of the context, and `replay-window 0` above them.
  const window = numberAfter(words, 'replay_window') ?? numberAfter(words, 'replay-window') ?? 0;
  const spec: AssociationSpec = {
    source: parseIpAddress(wordAfter(words, 'src') ?? ''),
    destination: parseIpAddress(wordAfter(words, 'dst') ?? ''),
    protocol: encapsulation === null ? 'esp' : 'esp-udp',
    ports: encapsulation,
    spi: parseSpi(numberAfter(words, 'spi') ?? 0),
    mode: 'transport',
    reqid: numberAfter(words, 'reqid') ?? 0,
    replayBytes: Math.ceil(window / 8),
    padding: paddingKinds.sequential,
    isCyclic: true,
    hasEsn,
    ...suite,
    lifetimes: { soft: limitsOf(words, 'soft'), hard: limitsOf(words, 'hard') },
  };
  checkAssociation(spec, true);
  const interfaceId = numberAfter(words, 'if_id');
  return { spec, interfaceId };
}

/** Whether `flag esn`, among other flags, says so; `anti-replay esn context:` alone does not. */
function hasFlag(words: readonly string[], name: string): boolean {
  const at = words.indexOf('flag');
  if (at < 0) return false;
  for (const word of words.slice(at + 1)) {
    if (word === name) return true;
    if (!flagWords.has(word)) return false;
  }
  return false;
}

/** FLAG of ip-xfrm(8). */
const flagWords = new Set([...['noecn', 'decap-dscp', 'nopmtudisc', 'wildrecv', 'icmp', 'af-unspec', 'align4', 'esn']]);

type Suite = Pick<AssociationSpec, 'encryption' | 'encryptionKey' | 'integrity' | 'integrityKey'>;

function suiteOf(words: readonly string[]): Suite {
  const aead = words.indexOf('aead');
  if (aead >= 0) {
    const [name = '', key = '', bits = ''] = words.slice(aead + 1);
    return { encryption: aeadOf(name, Number(bits)), encryptionKey: keyOf(key), integrity: null, integrityKey: null };
  }
  const at = words.indexOf('enc');
  const [name = '', key = ''] = at < 0 ? [] : words.slice(at + 1);
  const encryption = (Object.keys(encryptionSpellings) as EncryptionAlgorithmName[]).find(
    (each) => encryptionSpellings[each].linux === name && encryptionRow(each).kind !== 'aead',
  );
  if (encryption === undefined) throw refuse(`encryption ${name.slice(0, 40)} is not known here`);
  return { encryption, encryptionKey: keyOf(key), ...integrityOf(words) };
}

function aeadOf(name: string, bits: number): EncryptionAlgorithmName {
  const found = (Object.keys(encryptionSpellings) as EncryptionAlgorithmName[]).find((each) => {
    const row = encryptionRow(each);
    return encryptionSpellings[each].linux === name && row.kind === 'aead' && row.icvBytes * 8 === bits;
  });
  if (found === undefined) throw refuse(`${name.slice(0, 40)} with ${bits} bits is not known here`);
  return found;
}

function integrityOf(words: readonly string[]): Pick<Suite, 'integrity' | 'integrityKey'> {
  const at = words.findIndex((word) => word === 'auth' || word === 'auth-trunc');
  if (at < 0) return { integrity: null, integrityKey: null };
  const [name = '', key = '', bits] = words.slice(at + 1);
  const integrity = (Object.keys(integritySpellings) as IntegrityAlgorithmName[]).find(
    (each) => integritySpellings[each].linux === name,
  );
  if (integrity === undefined) throw refuse(`integrity ${name.slice(0, 40)} is not known here`);
  const icvBits = integrityRow(integrity).icvBytes * 8;
  // Without a length the kernel has its own, which for SHA-2 is not that of RFC 4868.
  const given = words[at] === 'auth-trunc' ? Number(bits) : integrity === 'hmac-sha256' ? 96 : icvBits;
  if (given !== icvBits) throw refuse(`${name} cut to ${given} bits instead of ${icvBits} is not known here`);
  return { integrity, integrityKey: keyOf(key) };
}

/** ip(8) takes hexadecimal digits behind 0x, and prints them so. */
function keyOf(word: string): KeyMaterial {
  const bytes = word === '' ? new Uint8Array(0) : fromHex(word.replace(/^0x/i, ''));
  if (bytes === null || (word !== '' && !/^0x/i.test(word)))
    throw refuse('a key is not in hexadecimal digits behind 0x');
  const key = new KeyMaterial(bytes);
  bytes.fill(0);
  return key;
}

/** `encap espinudp 4500 4500 …`, or `encap type espinudp sport 4500 dport 4500 …`. */
function encapsulationOf(words: readonly string[]): AssociationSpec['ports'] {
  const at = words.indexOf('encap');
  if (at < 0) return null;
  const rest = words.slice(at + 1);
  if (!rest.includes('espinudp')) throw refuse('another encapsulation than espinudp is not known here');
  if (rest[0] === 'type')
    return { source: numberAfter(rest, 'sport') ?? 0, destination: numberAfter(rest, 'dport') ?? 0 };
  return { source: Number(rest[1]), destination: Number(rest[2]) };
}

const commandWords = {
  'time-': 'addSeconds',
  'time-use-': 'useSeconds',
  'byte-': 'bytes',
  'packet-': 'packets',
} as const;

/** `limit time-soft 100` of commands, and the lines below `lifetime config:` of dumps. */
function limitsOf(words: readonly string[], kind: 'soft' | 'hard'): Lifetime {
  const limits: Record<keyof Lifetime, number> = { ...unlimited };
  for (const [prefix, field] of Object.entries(commandWords)) {
    limits[field] = numberAfter(words, `${prefix}${kind}`) ?? 0;
  }
  const dump = words.join(' ');
  const config = dump.indexOf('lifetime config:');
  if (config < 0) return limits;
  const current = dump.indexOf('lifetime current:', config);
  const text = dump.slice(config, current < 0 ? dump.length : current);
  const patterns = {
    addSeconds: `expire add:[^:]*?\\b${kind} ([0-9]+)\\(sec\\)`,
    useSeconds: `expire use:[^:]*?\\b${kind} ([0-9]+)\\(sec\\)`,
    bytes: `\\b${kind} ([0-9]+)\\(bytes\\)`,
    packets: `\\b${kind} ([0-9]+)\\(packets\\)`,
  } as const;
  for (const field of Object.keys(patterns) as (keyof Lifetime)[]) {
    limits[field] = Number(new RegExp(patterns[field]).exec(text)?.[1] ?? 0);
  }
  return limits;
}

function refuse(message: string): IpsecError {
  return new IpsecError('IMPORT_FORMAT', message);
}
