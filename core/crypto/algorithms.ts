/**
 * The registry of ESP algorithms: names, numbers, lengths and verdicts, once for everything that needs them
 * (setkey's parser and printer, key checks, ESP overhead and MTU, both engines, the screens, the docs).
 * Adding an algorithm is a row here, an engine each, and a vector file; CONTRIBUTING.md has the steps.
 *
 * Names are NetBSD's setkey(8) names; where NetBSD has none, FreeBSD's.
 * @module
 */

/** RFC 8221's verdict on an algorithm. */
export type AlgorithmStatus = 'MUST' | 'SHOULD' | 'MAY' | 'MUST-' | 'SHOULD NOT' | 'MUST NOT';

/** One encryption algorithm of ESP. Lengths are bytes, keys bits. */
export type EncryptionAlgorithm = {
  /** For people. */
  readonly label: string;
  /** Other spellings that setkey accepts; dumps print the row's own name. */
  readonly aliases: readonly string[];
  /** IANA IKEv2 transform type 1. */
  readonly ikeTransformId: number;
  /** PF_KEY SADB_EALG / SADB_X_EALG number: NetBSD's, or IANA's ESP transform identifier; null where there is neither. */
  readonly pfkeyId: number | null;
  /** `aead` authenticates by itself. */
  readonly kind: 'aead' | 'cipher' | 'null';
  /** Set where packets are authenticated and stay readable. */
  readonly hidesNothing?: true;
  /** Cipher key lengths without salt; empty for null. */
  readonly keyBits: readonly number[];
  /** Implicit salt (RFC 3686's nonce), appended to the key in setkey text (RFC 4106 §8.1). */
  readonly saltBytes: number;
  readonly ivBytes: number;
  /** Whether the IV is a counter that must never repeat under one key (checklist 68, 163). */
  readonly hasCounterIv: boolean;
  /** ICV of an AEAD; 0 otherwise. */
  readonly icvBytes: number;
  /** Block of the cipher, 1 for a stream; ESP aligns to max(4, block). */
  readonly blockBytes: number;
  readonly status: AlgorithmStatus;
  /** Why it should not be used, where the status is SHOULD NOT or MUST NOT: culvertd then takes it with `--allow-weak` only. */
  readonly weakness?: string;
  readonly rfc: string;
};

/** One integrity algorithm of ESP. */
export type IntegrityAlgorithm = {
  readonly label: string;
  readonly aliases: readonly string[];
  /** IANA IKEv2 transform type 3. */
  readonly ikeTransformId: number;
  /** PF_KEY SADB_AALG / SADB_X_AALG number: NetBSD's; null where it has none. */
  readonly pfkeyId: number | null;
  readonly keyBits: number;
  readonly icvBytes: number;
  readonly status: AlgorithmStatus;
  /** As in `EncryptionAlgorithm`. */
  readonly weakness?: string;
  readonly rfc: string;
};

/** Encryption algorithms that Culvert can run. */
export const encryptionAlgorithms = {
  'aes-gcm-16': {
    label: 'AES-GCM, 16-byte ICV',
    aliases: [],
    ikeTransformId: 20,
    pfkeyId: 20,
    kind: 'aead',
    keyBits: [128, 192, 256],
    saltBytes: 4,
    ivBytes: 8,
    hasCounterIv: true,
    icvBytes: 16,
    blockBytes: 4,
    status: 'MUST',
    rfc: 'RFC 4106',
  },
  'aes-gcm-12': {
    label: 'AES-GCM, 12-byte ICV',
    aliases: [],
    ikeTransformId: 19,
    pfkeyId: 19,
    kind: 'aead',
    keyBits: [128, 192, 256],
    saltBytes: 4,
    ivBytes: 8,
    hasCounterIv: true,
    icvBytes: 12,
    blockBytes: 4,
    status: 'MAY',
    rfc: 'RFC 4106',
  },
  'aes-gcm-8': {
    label: 'AES-GCM, 8-byte ICV',
    aliases: [],
    ikeTransformId: 18,
    pfkeyId: 18,
    kind: 'aead',
    keyBits: [128, 192, 256],
    saltBytes: 4,
    ivBytes: 8,
    hasCounterIv: true,
    icvBytes: 8,
    blockBytes: 4,
    status: 'MAY',
    rfc: 'RFC 4106',
  },
  'chacha20-poly1305': {
    label: 'ChaCha20-Poly1305',
    aliases: [],
    ikeTransformId: 28,
    pfkeyId: null,
    kind: 'aead',
    keyBits: [256],
    saltBytes: 4,
    ivBytes: 8,
    hasCounterIv: true,
    icvBytes: 16,
    blockBytes: 4,
    status: 'SHOULD',
    rfc: 'RFC 7634',
  },
  'aes-ccm-16': {
    label: 'AES-CCM, 16-byte ICV',
    aliases: [],
    ikeTransformId: 16,
    pfkeyId: 16,
    kind: 'aead',
    keyBits: [128, 192, 256],
    saltBytes: 3,
    ivBytes: 8,
    hasCounterIv: true,
    icvBytes: 16,
    blockBytes: 4,
    status: 'MAY',
    rfc: 'RFC 4309',
  },
  'aes-gmac': {
    label: 'AES-GMAC, authentication only',
    hidesNothing: true,
    aliases: [],
    ikeTransformId: 21,
    pfkeyId: 23,
    kind: 'aead',
    keyBits: [128, 192, 256],
    saltBytes: 4,
    ivBytes: 8,
    hasCounterIv: true,
    icvBytes: 16,
    blockBytes: 4,
    status: 'MAY',
    rfc: 'RFC 4543',
  },
  'aes-cbc': {
    label: 'AES-CBC',
    aliases: ['rijndael-cbc'],
    ikeTransformId: 12,
    pfkeyId: 12,
    kind: 'cipher',
    keyBits: [128, 192, 256],
    saltBytes: 0,
    ivBytes: 16,
    hasCounterIv: false,
    icvBytes: 0,
    blockBytes: 16,
    status: 'MUST',
    rfc: 'RFC 3602',
  },
  'aes-ctr': {
    label: 'AES-CTR',
    aliases: [],
    ikeTransformId: 13,
    pfkeyId: 13,
    kind: 'cipher',
    keyBits: [128, 192, 256],
    saltBytes: 4,
    ivBytes: 8,
    hasCounterIv: true,
    icvBytes: 0,
    blockBytes: 1,
    status: 'MAY',
    rfc: 'RFC 3686',
  },
  'camellia-cbc': {
    label: 'Camellia-CBC',
    aliases: [],
    ikeTransformId: 23,
    pfkeyId: 22,
    kind: 'cipher',
    keyBits: [128, 192, 256],
    saltBytes: 0,
    ivBytes: 16,
    hasCounterIv: false,
    icvBytes: 0,
    blockBytes: 16,
    status: 'MAY',
    rfc: 'RFC 4312',
  },
  '3des-cbc': {
    label: '3DES-CBC',
    aliases: [],
    ikeTransformId: 3,
    pfkeyId: 3,
    kind: 'cipher',
    keyBits: [192],
    saltBytes: 0,
    ivBytes: 8,
    hasCounterIv: false,
    icvBytes: 0,
    blockBytes: 8,
    status: 'SHOULD NOT',
    weakness: 'its 64-bit blocks give plaintext away after some gigabytes, and it is slow',
    rfc: 'RFC 2451',
  },
  null: {
    label: 'no encryption',
    aliases: [],
    ikeTransformId: 11,
    pfkeyId: 11,
    kind: 'null',
    hidesNothing: true,
    keyBits: [],
    saltBytes: 0,
    ivBytes: 0,
    hasCounterIv: false,
    icvBytes: 0,
    blockBytes: 4,
    status: 'MUST',
    rfc: 'RFC 2410',
  },
} as const satisfies Record<string, EncryptionAlgorithm>;

/** Integrity algorithms that Culvert can run. */
export const integrityAlgorithms = {
  'hmac-sha256': {
    label: 'HMAC-SHA2-256-128',
    aliases: ['hmac-sha2-256'],
    ikeTransformId: 12,
    pfkeyId: 5,
    keyBits: 256,
    icvBytes: 16,
    status: 'MUST',
    rfc: 'RFC 4868',
  },
  'hmac-sha384': {
    label: 'HMAC-SHA2-384-192',
    aliases: ['hmac-sha2-384'],
    ikeTransformId: 13,
    pfkeyId: 6,
    keyBits: 384,
    icvBytes: 24,
    status: 'MAY',
    rfc: 'RFC 4868',
  },
  'hmac-sha512': {
    label: 'HMAC-SHA2-512-256',
    aliases: ['hmac-sha2-512'],
    ikeTransformId: 14,
    pfkeyId: 7,
    keyBits: 512,
    icvBytes: 32,
    status: 'SHOULD',
    rfc: 'RFC 4868',
  },
  'hmac-sha1': {
    label: 'HMAC-SHA1-96',
    aliases: [],
    ikeTransformId: 2,
    pfkeyId: 3,
    keyBits: 160,
    icvBytes: 12,
    status: 'MUST-',
    rfc: 'RFC 2404',
  },
  'aes-xcbc-mac': {
    label: 'AES-XCBC-MAC-96',
    aliases: [],
    ikeTransformId: 5,
    pfkeyId: 9,
    keyBits: 128,
    icvBytes: 12,
    status: 'SHOULD',
    rfc: 'RFC 3566',
  },
  'aes-cmac': {
    label: 'AES-CMAC-96',
    aliases: [],
    ikeTransformId: 8,
    pfkeyId: null,
    keyBits: 128,
    icvBytes: 12,
    status: 'MAY',
    rfc: 'RFC 4494',
  },
} as const satisfies Record<string, IntegrityAlgorithm>;

/** Names that setkey's grammar knows and Culvert does not run, each with the reason. */
export const refusedAlgorithms = {
  'des-cbc': 'DES is broken (RFC 8221: MUST NOT)',
  'blowfish-cbc': 'Blowfish is obsolete (RFC 8221: MUST NOT)',
  'cast128-cbc': 'CAST-128 is obsolete (RFC 9395: deprecated)',
  'des-deriv': 'it exists in name only',
  'des-32iv': 'it exists in name only',
  'twofish-cbc': 'it exists in name only',
  'hmac-md5': 'MD5 is broken (RFC 8221: MUST NOT)',
  'hmac-ripemd160': 'RIPEMD-160 is obsolete',
  'keyed-md5': 'it belongs to AH',
  'keyed-sha1': 'it belongs to AH',
  'tcp-md5': 'it belongs to TCP signatures (RFC 2385)',
} as const satisfies Record<string, string>;

/** Name of an encryption algorithm that Culvert can run. */
export type EncryptionAlgorithmName = keyof typeof encryptionAlgorithms;
/** Name of an integrity algorithm that Culvert can run. */
export type IntegrityAlgorithmName = keyof typeof integrityAlgorithms;

/** The row's name for a spelling of setkey, aliases included; null when unknown. */
export function findEncryptionAlgorithm(spelling: string): EncryptionAlgorithmName | null {
  return findBySpelling(encryptionAlgorithms, spelling);
}

/** The row's name for a spelling of setkey, aliases included; null when unknown. */
export function findIntegrityAlgorithm(spelling: string): IntegrityAlgorithmName | null {
  return findBySpelling(integrityAlgorithms, spelling);
}

/** The encryption row under its general type: for code that reads numbers from it. */
export function encryptionRow(name: EncryptionAlgorithmName): EncryptionAlgorithm {
  return encryptionAlgorithms[name];
}

/** The integrity row under its general type. */
export function integrityRow(name: IntegrityAlgorithmName): IntegrityAlgorithm {
  return integrityAlgorithms[name];
}

function findBySpelling<Name extends string>(
  table: Readonly<Record<Name, { readonly aliases: readonly string[] }>>,
  spelling: string,
): Name | null {
  for (const name in table) if (name === spelling || table[name].aliases.includes(spelling)) return name;
  return null;
}
