/**
 * What a profile's tunnel adds to each packet, and the largest packet that fits through it: before there is a tunnel,
 * from the registry's lengths alone.
 * @module
 */
import { suiteShape } from '#core/crypto/suite-shape.ts';
import { largestInnerPacket, outerPacketBytes } from '#core/esp/overhead.ts';
import type { ManualKeys } from './profile.ts';

/** What a size depends on. */
export type SizedSuite = Pick<ManualKeys, 'encryption' | 'integrity'>;

/** How its packets travel; `outerMtu` is the path's, as far as it is known. */
export type SizedPath = { readonly outerFamily: 4 | 6; readonly hasUdp: boolean; readonly outerMtu: number };

/** The largest inner packet whose outer packet fits the path in one piece (RFC 4303 §2; RFC 3948 §2.1). */
export function largestPacket({ encryption, integrity }: SizedSuite, path: SizedPath): number {
  return largestInnerPacket(path.outerMtu, suiteShape(encryption, integrity), path);
}

/** Bytes that the tunnel adds to the largest packet that fits. */
export function addedBytes(suite: SizedSuite, path: SizedPath): number {
  const inner = largestPacket(suite, path);
  return outerPacketBytes(inner, suiteShape(suite.encryption, suite.integrity), path) - inner;
}
