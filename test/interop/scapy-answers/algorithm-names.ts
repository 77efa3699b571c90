/**
 * Scapy's names for our algorithms (scapy/layers/ipsec.py), and what it does not know.
 * @module
 */
import type { EncryptionAlgorithmName, IntegrityAlgorithmName } from '#core/crypto/algorithms.ts';

/** Registry → scapy; null where scapy 2.5 has no such algorithm. Its AES-GCM takes an ICV of 16 bytes only. */
export const scapyEncryption: Readonly<Record<EncryptionAlgorithmName, string | null>> = {
  'aes-gcm-16': 'AES-GCM',
  'aes-gcm-12': null,
  'aes-gcm-8': null,
  'chacha20-poly1305': 'CHACHA20-POLY1305',
  'aes-ccm-16': 'AES-CCM',
  'aes-gmac': null,
  'aes-cbc': 'AES-CBC',
  'aes-ctr': 'AES-CTR',
  'camellia-cbc': null,
  '3des-cbc': '3DES',
  null: 'NULL',
};

/** Registry → scapy; null where scapy 2.5 has no such algorithm. */
export const scapyIntegrity: Readonly<Record<IntegrityAlgorithmName, string | null>> = {
  'hmac-sha256': 'SHA2-256-128',
  'hmac-sha384': 'SHA2-384-192',
  'hmac-sha512': 'SHA2-512-256',
  'hmac-sha1': 'HMAC-SHA1-96',
  'aes-xcbc-mac': null,
  'aes-cmac': 'AES-CMAC-96',
};
