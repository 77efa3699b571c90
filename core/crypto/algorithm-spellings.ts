/**
 * What other systems call the registry's algorithms, for configuration that is written for them or read from them. `null`:
 * the system does not have the algorithm.
 *
 * NetBSD: setkey(8). FreeBSD 14: setkey(8). Linux: ip-xfrm(8) in the kernel's crypto names. strongSwan: proposals of
 * swanctl.conf(5), with the key's bits in the place of `%`.
 * @module
 */
import type { EncryptionAlgorithmName, IntegrityAlgorithmName } from './algorithms.ts';

/** One algorithm as others spell it. */
export type AlgorithmSpelling = {
  readonly netbsd: string | null;
  readonly freebsd: string | null;
  readonly linux: string | null;
  readonly strongswan: string | null;
};

/** Encryption algorithms. */
export const encryptionSpellings: Readonly<Record<EncryptionAlgorithmName, AlgorithmSpelling>> = {
  'aes-gcm-16': {
    netbsd: 'aes-gcm-16',
    freebsd: 'aes-gcm-16',
    linux: 'rfc4106(gcm(aes))',
    strongswan: 'aes%gcm16',
  },
  'aes-gcm-12': { netbsd: null, freebsd: null, linux: 'rfc4106(gcm(aes))', strongswan: 'aes%gcm12' },
  'aes-gcm-8': { netbsd: null, freebsd: null, linux: 'rfc4106(gcm(aes))', strongswan: 'aes%gcm8' },
  'chacha20-poly1305': {
    netbsd: null,
    freebsd: 'chacha20-poly1305',
    linux: 'rfc7539esp(chacha20,poly1305)',
    strongswan: 'chacha20poly1305',
  },
  'aes-ccm-16': { netbsd: null, freebsd: null, linux: 'rfc4309(ccm(aes))', strongswan: 'aes%ccm16' },
  'aes-gmac': { netbsd: 'aes-gmac', freebsd: null, linux: 'rfc4543(gcm(aes))', strongswan: 'aes%gmac' },
  'aes-cbc': { netbsd: 'aes-cbc', freebsd: 'rijndael-cbc', linux: 'cbc(aes)', strongswan: 'aes%' },
  'aes-ctr': { netbsd: 'aes-ctr', freebsd: 'aes-ctr', linux: 'rfc3686(ctr(aes))', strongswan: 'aes%ctr' },
  'camellia-cbc': { netbsd: 'camellia-cbc', freebsd: null, linux: 'cbc(camellia)', strongswan: 'camellia%' },
  '3des-cbc': { netbsd: '3des-cbc', freebsd: null, linux: 'cbc(des3_ede)', strongswan: '3des' },
  null: { netbsd: 'null', freebsd: 'null', linux: 'ecb(cipher_null)', strongswan: 'null' },
};

/** Integrity algorithms. */
export const integritySpellings: Readonly<Record<IntegrityAlgorithmName, AlgorithmSpelling>> = {
  'hmac-sha256': { netbsd: 'hmac-sha256', freebsd: 'hmac-sha2-256', linux: 'hmac(sha256)', strongswan: 'sha256' },
  'hmac-sha384': { netbsd: 'hmac-sha384', freebsd: 'hmac-sha2-384', linux: 'hmac(sha384)', strongswan: 'sha384' },
  'hmac-sha512': { netbsd: 'hmac-sha512', freebsd: 'hmac-sha2-512', linux: 'hmac(sha512)', strongswan: 'sha512' },
  'hmac-sha1': { netbsd: 'hmac-sha1', freebsd: 'hmac-sha1', linux: 'hmac(sha1)', strongswan: 'sha1' },
  'aes-xcbc-mac': { netbsd: 'aes-xcbc-mac', freebsd: null, linux: 'xcbc(aes)', strongswan: 'aesxcbc' },
  'aes-cmac': { netbsd: null, freebsd: null, linux: 'cmac(aes)', strongswan: 'aescmac' },
};
