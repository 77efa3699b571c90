/**
 * Everything that `culvert check` can find, one row a code: how bad it is, why it matters and what to do about it.
 * `docs/findings.md` is made from this table. What was found, and where, is in the finding itself (finding.ts).
 * @module
 */

/** `error`: it cannot work, or protects nothing; `warning`: it works, and should not stay so; `notice`: to be known. */
export const findingSeverities = ['error', 'warning', 'notice'] as const;

/** One of `findingSeverities`. */
export type FindingSeverity = (typeof findingSeverities)[number];

/** One row. */
export type FindingRow = {
  readonly severity: FindingSeverity;
  /** Why it matters, one sentence. */
  readonly reason: string;
  /** What to do, one sentence. */
  readonly fix: string;
};

/** Every code. */
export const findingRegistry = {
  TEXT_SYNTAX: {
    severity: 'error',
    reason: 'nothing of a file with a syntax error is carried out',
    fix: 'Correct the word that the message names.',
  },
  TEXT_REFUSED: {
    severity: 'error',
    reason: 'it would be refused whatever there is already',
    fix: 'Change what the message names; it says what is supported.',
  },
  TEXT_IGNORED: {
    severity: 'notice',
    reason: 'Culvert reads it and does not carry it out',
    fix: 'Do by hand what the line would do, or take it out.',
  },
  ALGORITHM_FORBIDDEN: {
    severity: 'error',
    reason: 'RFC 8221 says not to use it, and culvertd takes it only with --allow-weak',
    fix: 'Use aes-cbc with hmac-sha256, or aes-gcm-16 where IVs never repeat.',
  },
  ALGORITHM_DATED: {
    severity: 'notice',
    reason: 'RFC 8221 expects it to lose its MUST (MUST-)',
    fix: 'Use hmac-sha256 when both ends can.',
  },
  ALGORITHM_MIXED: {
    severity: 'warning',
    reason: 'a tunnel is as strong as the weaker of its two directions',
    fix: 'Give both directions the same algorithms.',
  },
  INTEGRITY_MISSING: {
    severity: 'error',
    reason: 'encryption that nothing authenticates can be changed on the way (RFC 8221 §5)',
    fix: 'Add -A hmac-sha256 with a key of 256 bits, or use an AEAD.',
  },
  KEY_COUNTER_BY_HAND: {
    severity: 'warning',
    reason:
      'a counter mode gives its key away when an IV is used twice, and keys by hand outlive restarts (RFC 8221 §3)',
    fix: 'Use aes-cbc with hmac-sha256 unless the other end keeps its counters through restarts.',
  },
  KEY_ODD_DIGITS: {
    severity: 'warning',
    reason: 'it is read as if a 0 stood in front, as setkey(8) does; a digit may be missing',
    fix: 'Write two digits for each byte.',
  },
  KEY_LOW_ENTROPY: {
    severity: 'error',
    reason: 'a key that follows a pattern or is text can be guessed',
    fix: 'Make one at random: openssl rand -hex 32.',
  },
  KEY_REUSED: {
    severity: 'warning',
    reason: 'who learns one key reads both, and packets of one can be passed off as the other’s',
    fix: 'Give each association, and each use, a key of its own.',
  },
  KEY_REUSED_COUNTER: {
    severity: 'error',
    reason:
      'two associations with one key of a counter mode use the same IVs, which gives plaintext and key away (RFC 4106 §3.1)',
    fix: 'Give each association a key of its own.',
  },
  REPLAY_UNCHECKED_ESN: {
    severity: 'warning',
    reason: 'extended sequence numbers should not be used without replay protection (RFC 4303 §3.3.3)',
    fix: 'Add -r 8 where packets are received.',
  },
  REPLAY_UNCHECKED: {
    severity: 'notice',
    reason: 'without a window, recorded packets are accepted again (RFC 4303 §3.4.3)',
    fix: 'Add -r 8, unless the other end begins again at 1 when it restarts.',
  },
  LIFETIME_MISSING: {
    severity: 'warning',
    reason: 'the key is used for ever, however much it has encrypted (RFC 4301 §4.4.2.1)',
    fix: 'Add -lh SECONDS or -bh BYTES, with a -ls or -bs before it, and a plan for new keys.',
  },
  PAIR_ONE_SIDED: {
    severity: 'error',
    reason: 'traffic would be protected one way only, and packets of the other way be dropped',
    fix: 'Add the association of the other direction.',
  },
  SPI_CLASH: {
    severity: 'error',
    reason: 'destination and SPI name an association on arrival (RFC 4301 §4.1): the second is refused',
    fix: 'Give one of them another SPI.',
  },
  POLICY_DUPLICATE: {
    severity: 'error',
    reason: 'the SPD takes a selector once in each direction: the second is refused',
    fix: 'Take one of them out, or use spdupdate.',
  },
  POLICY_SHADOWED: {
    severity: 'warning',
    reason: 'the first policy that covers a packet decides (RFC 4301 §4.4.1): this one never does',
    fix: 'Put the more specific policy first.',
  },
  REQID_UNMATCHED: {
    severity: 'error',
    reason: 'an interface’s policies find their associations by reqid (ipsecif(4)): this one is never used',
    fix: 'Use the reqid that the message names, or net.ipsecif.use_fixed_reqid=1 with the fixed one.',
  },
  PAIR_UNUSED: {
    severity: 'warning',
    reason: 'no interface and no policy of these files has these addresses',
    fix: 'Correct the addresses, or add the interface’s file to the command.',
  },
  INTERFACE_KEYLESS: {
    severity: 'warning',
    reason: 'until its associations are there, everything that is routed into the interface is dropped',
    fix: 'Add associations for both directions, or the file that has them.',
  },
  NETWORK_OVERLAP: {
    severity: 'warning',
    reason: 'packets for the network next door would go into the tunnel, or the other way round',
    fix: 'Use another prefix inside the tunnel.',
  },
  NETWORK_OVERLAP_INNER: {
    severity: 'warning',
    reason: 'two tunnels claim the same addresses, and one of them gets the packets',
    fix: 'Give each tunnel prefixes of its own.',
  },
} as const satisfies Record<string, FindingRow>;

/** A code. */
export type FindingCode = keyof typeof findingRegistry;
