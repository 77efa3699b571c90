/**
 * Formats that an import can be asked for, each with the kinds of text that it is made of; the first is what a doubtful
 * text is.
 * @module
 */
import type { TextKind } from './text-kind.ts';

/** Format → kinds. */
export const importFormats = {
  setkey: ['setkey', 'ifconfig'],
  netbsd: ['setkey', 'ifconfig', 'rc.conf', 'route.conf', 'sysctl'],
  freebsd: ['setkey', 'rc.conf', 'sysctl'],
  linux: ['xfrm'],
  swanctl: ['swanctl'],
  json: ['json'],
  qr: ['compact'],
} as const satisfies Record<string, readonly TextKind[]>;

/** A format. */
export type ImportFormat = keyof typeof importFormats;

/** All of them, for schemas and completions. */
export const importFormatNames = Object.keys(importFormats) as readonly ImportFormat[] as readonly [
  ImportFormat,
  ...ImportFormat[],
];
