/**
 * Tshark's ESP preferences: its names for our algorithms (epan/dissectors/packet-ipsec.c), and a row of its table of
 * associations (`uat:esp_sa`).
 * @module
 */
import type { EncryptionAlgorithmName, IntegrityAlgorithmName } from '#core/crypto/algorithms.ts';
import type { InteropAssociation } from '#test/interop/gateway.ts';
import type { InteropSuite } from '#test/interop/suites.ts';

/** Registry → tshark; null where tshark 4.0 has no such algorithm. */
export const tsharkEncryption: Readonly<Record<EncryptionAlgorithmName, string | null>> = {
  'aes-gcm-16': 'AES-GCM with 16 octet ICV [RFC4106]',
  'aes-gcm-12': 'AES-GCM with 12 octet ICV [RFC4106]',
  'aes-gcm-8': 'AES-GCM with 8 octet ICV [RFC4106]',
  'chacha20-poly1305': null,
  'aes-ccm-16': null,
  'aes-gmac': null,
  'aes-cbc': 'AES-CBC [RFC3602]',
  'aes-ctr': 'AES-CTR [RFC3686]',
  'camellia-cbc': null,
  '3des-cbc': 'TripleDES-CBC [RFC2451]',
  null: 'NULL',
};

/** Registry → tshark. It can skip the ICVs of the two AES MACs, but not check them. */
export const tsharkIntegrity: Readonly<Record<IntegrityAlgorithmName, string>> = {
  'hmac-sha256': 'HMAC-SHA-256-128 [RFC4868]',
  'hmac-sha384': 'HMAC-SHA-384-192 [RFC4868]',
  'hmac-sha512': 'HMAC-SHA-512-256 [RFC4868]',
  'hmac-sha1': 'HMAC-SHA-1-96 [RFC2404]',
  'aes-xcbc-mac': 'ANY 96 bit authentication [no checking]',
  'aes-cmac': 'ANY 96 bit authentication [no checking]',
};

/** Whether tshark can decrypt packets of the suite. */
export function canDecrypt({ encryption }: InteropSuite): boolean {
  return tsharkEncryption[encryption] !== null;
}

/** Whether tshark checks the suite's ICVs. */
export function canCheckIcv(suite: InteropSuite): boolean {
  return canDecrypt(suite) && !authenticationName(suite).includes('no checking');
}

/** The preference for our packets of one association. */
export function associationPreference({ tunnel, suite, spiOut }: InteropAssociation): string {
  const fields = [
    tunnel.outerFamily === 4 ? 'IPv4' : 'IPv6',
    tunnel.local,
    tunnel.peer,
    `0x${spiOut.toString(16).padStart(8, '0')}`,
    tsharkEncryption[suite.encryption] ?? '',
    hexOrNothing(suite.encryptionKey),
    authenticationName(suite),
    hexOrNothing(suite.integrityKey),
  ];
  return `uat:esp_sa:${fields.map((field) => `"${field}"`).join(',')}`;
}

function authenticationName({ integrity }: InteropSuite): string {
  return integrity === null ? 'NULL' : tsharkIntegrity[integrity];
}

function hexOrNothing(hex: string): string {
  return hex === '' ? '' : `0x${hex}`;
}
