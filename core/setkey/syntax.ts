/**
 * The tree of setkey(8)'s language: what the parser gives, the printer takes and the interpreter carries out.
 * Plain read-only data; statements are told apart by `kind`. Positions count from 1 and are for messages only:
 * two trees mean the same when all but their positions and marks is equal.
 *
 * The tree holds what the grammar knows, also what Culvert does not carry (AH, IPComp, tunnel-mode rules):
 * the interpreter refuses it with the position.
 * @module
 */
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import type { PaddingKind } from '#core/crypto/transform.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';

/** Where something stands in the text; both count from 1. */
export type Position = { readonly line: number; readonly column: number };

/** Positions of a statement's single words, for messages about them. */
export type Marks = Readonly<Partial<Record<MarkName, Position>>>;

/** Words that have a mark; a key has one only where its digits are odd in number. */
type MarkName =
  | ('source' | 'destination' | 'protocol' | 'spi' | 'natOriginal' | 'reqid' | 'replayBytes' | 'fragment')
  | ('soft.addSeconds' | 'hard.addSeconds' | 'soft.bytes' | 'hard.bytes')
  | ('priority' | 'action' | 'upper' | 'tag')
  | OddKeyMark;

/** Marks of keys with an odd number of hexadecimal digits, which are read as if a 0 stood in front (parse.y). */
export const oddKeyMarks = ['oddEncryptionKey', 'oddIntegrityKey'] as const;
type OddKeyMark = (typeof oddKeyMarks)[number];

/** setkey's `-4`, `-6` and `-n`: how host names would be looked up. */
export type Lookup = { readonly family: 4 | 6 | null; readonly isNumeric: boolean };

/** `ADDRESS[port]`; port 0 for none and for `[any]`. */
export type Endpoint = { readonly address: IpAddress; readonly port: number };

/** `ADDRESS/length[port]`; port 0 for none and for `[any]`. */
export type SelectorEnd = { readonly prefix: IpPrefix; readonly port: number };

/** Protocol words of association statements. */
export const associationProtocolWords = ['esp', 'esp-old', 'esp-udp', 'ah', 'ah-old', 'ipcomp', 'tcp'] as const;

/** One of `associationProtocolWords`. */
export type AssociationProtocolWord = (typeof associationProtocolWords)[number];

/** `-E NAME KEY` or `-A NAME KEY`. The name is the registry's own where it has a row; null takes no key. */
export type KeyedAlgorithm = {
  readonly name: string;
  readonly key: KeyMaterial | null;
  readonly position: Position;
};

/** `-C NAME [-R]` of IPComp. */
export type Compression = { readonly name: string; readonly isRaw: boolean; readonly position: Position };

/** `-ctx DOI ALGORITHM "text"`: a security context. */
export type SecurityContext = {
  readonly doi: number;
  readonly algorithm: number;
  readonly text: string;
  readonly position: Position;
};

/** The options between SPI and algorithms, with setkey's defaults filled in. */
export type AssociationOptions = {
  readonly mode: 'transport' | 'tunnel' | 'any';
  readonly reqid: number;
  /** `-r`: bytes of bitmap, 8 packets each. */
  readonly replayBytes: number;
  readonly padding: PaddingKind;
  readonly isCyclic: boolean;
  readonly hasEsn: boolean;
  readonly softSeconds: number;
  readonly hardSeconds: number;
  readonly softBytes: number;
  readonly hardBytes: number;
  readonly context: SecurityContext | null;
  /** `-esp_frag`; 0 for none. */
  readonly fragmentBytes: number;
};

/** `add` and `update`. */
export type AssociationStatement = {
  readonly kind: 'add' | 'update';
  readonly position: Position;
  readonly marks: Marks;
  readonly lookup: Lookup;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: AssociationProtocolWord;
  /** Original address behind the NAT, of `esp-udp`. */
  readonly natOriginal: IpAddress | null;
  /** Any 32-bit number; reserved ones are refused when carried out. */
  readonly spi: number;
  readonly options: AssociationOptions;
  readonly encryption: KeyedAlgorithm | null;
  readonly integrity: KeyedAlgorithm | null;
  readonly compression: Compression | null;
};

/** `get` and `delete`: they name one association. */
export type NameStatement = {
  readonly kind: 'get' | 'delete';
  readonly position: Position;
  readonly marks: Marks;
  readonly lookup: Lookup;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: AssociationProtocolWord;
  readonly spi: number;
  readonly options: AssociationOptions;
};

/** `deleteall`: every association of a pair. */
export type DeleteAllStatement = {
  readonly kind: 'deleteall';
  readonly position: Position;
  readonly marks: Marks;
  readonly lookup: Lookup;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: AssociationProtocolWord;
};

/** `flush` and `dump`; null means every protocol. */
export type WholeStatement = {
  readonly kind: 'flush' | 'dump';
  readonly position: Position;
  readonly protocol: AssociationProtocolWord | null;
};

/** Upper protocol of a selector, with what stands behind it. */
export type UpperLayer = {
  /** 0 … 255; 255 is any. */
  readonly protocol: number;
  /** ICMP and mobility header type and code; null for any. */
  readonly message: { readonly type: number; readonly code: number | null } | null;
  /** GRE key; null for any. */
  readonly greKey: number | null;
};

/** Protocols of policy rules. */
export const ruleProtocols = ['esp', 'ah', 'ipcomp'] as const;
/** Modes of policy rules. */
export const ruleModes = ['transport', 'tunnel'] as const;
/** Levels of policy rules. */
export const ruleLevels = ['default', 'use', 'require', 'unique'] as const;
/** Directions of policies. */
export const policyDirections = ['in', 'out', 'fwd'] as const;
/** Actions of policies, in setkey's words. */
export const policyActions = ['ipsec', 'none', 'discard', 'entrust', 'bypass'] as const;

/** One `PROTO/MODE/ENDPOINTS/LEVEL`. */
export type PolicyRule = {
  readonly protocol: (typeof ruleProtocols)[number];
  readonly mode: (typeof ruleModes)[number];
  readonly endpoints: { readonly source: Endpoint; readonly destination: Endpoint } | 'me-any' | 'any-me' | null;
  readonly level: (typeof ruleLevels)[number];
  /** N of `unique:N`; null without. */
  readonly reqid: number | null;
  readonly position: Position;
};

/** What follows `-P`. */
export type PolicyText = {
  readonly direction: (typeof policyDirections)[number];
  /** Linux's priority words; null without. */
  readonly priority: string | null;
  /** Null only in `spddelete … -P in;`. */
  readonly action: (typeof policyActions)[number] | null;
  readonly rules: readonly PolicyRule[];
};

/** `spdadd`, `spdupdate` and `spddelete`. */
export type PolicyStatement = {
  readonly kind: 'spdadd' | 'spdupdate' | 'spddelete';
  readonly position: Position;
  readonly marks: Marks;
  readonly lookup: Lookup;
  readonly source: SelectorEnd;
  readonly destination: SelectorEnd;
  readonly upper: UpperLayer;
  readonly context: SecurityContext | null;
  readonly policy: PolicyText;
};

/** `spdadd tagged "name" …`: policies by packet filter tag. */
export type TaggedPolicyStatement = {
  readonly kind: 'tagged';
  readonly verb: 'spdadd' | 'spdupdate';
  readonly position: Position;
  readonly marks: Marks;
  readonly tag: string;
  readonly policy: PolicyText;
};

/** Statements of one word. `exit` ends the text; what follows is not read. */
export type BareStatement = { readonly kind: 'spdflush' | 'spddump' | 'exit'; readonly position: Position };

/** One statement. */
export type Statement =
  | AssociationStatement
  | NameStatement
  | DeleteAllStatement
  | WholeStatement
  | PolicyStatement
  | TaggedPolicyStatement
  | BareStatement;

/** First words of statements. */
export const commandWords = [
  'add',
  'update',
  'delete',
  'deleteall',
  'get',
  'flush',
  'dump',
  'spdadd',
  'spdupdate',
  'spddelete',
  'spdflush',
  'spddump',
  'exit',
  'quit',
  'bye',
] as const;
