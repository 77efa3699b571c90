/**
 * The cross-section of a tunnel: the largest inner packet, what ESP adds to it, and the outer packet that results, byte by
 * byte (RFC 4303 §2, RFC 3948 §2.1).
 * @module
 */
import { findEncryptionAlgorithm, findIntegrityAlgorithm } from '#core/crypto/algorithms.ts';
import { espHeaderBytes, suiteShape } from '#core/crypto/suite-shape.ts';
import { largestInnerPacket, outerPacketBytes, type Encapsulation } from '#core/esp/overhead.ts';
import { ipv4HeaderBytes } from '#core/ip/ipv4.ts';
import { ipv6HeaderBytes } from '#core/ip/ipv6.ts';
import { udpHeaderBytes } from '#core/ip/udp.ts';
import type { AssociationStatus } from '../contract.ts';

/** Lengths in bytes. The wall's parts add up to `wall`, and `bore` with `wall` to `outside`. */
export type TunnelSection = {
  /** The outer packet around a full inner one. */
  readonly outside: number;
  /** The interface's MTU. */
  readonly bore: number;
  readonly wall: number;
  readonly ipHeader: number;
  /** 0 where ESP is not in UDP. */
  readonly udpHeader: number;
  /** SPI, sequence number and IV. */
  readonly espAndIv: number;
  /** Padding, pad length and next header. */
  readonly trailer: number;
  readonly check: number;
};

/** The suite of an association. */
export type Suite = Pick<AssociationStatus, 'encryption' | 'integrity'>;

/** What carries ESP: the outer family, and whether UDP lies between. */
export type Carriage = Encapsulation;

/** The section of a tunnel with `mtu`; null for a suite that the registry does not have. */
export function tunnelSection(mtu: number, suite: Suite, encapsulation: Carriage): TunnelSection | null {
  const shape = shapeOf(suite);
  if (shape === null) return null;
  const outside = outerPacketBytes(mtu, shape, encapsulation);
  const ipHeader = encapsulation.outerFamily === 4 ? ipv4HeaderBytes : ipv6HeaderBytes;
  const udpHeader = encapsulation.hasUdp ? udpHeaderBytes : 0;
  const espAndIv = espHeaderBytes + shape.ivBytes;
  const wall = outside - mtu;
  const trailer = wall - ipHeader - udpHeader - espAndIv - shape.icvBytes;
  return { outside, bore: mtu, wall, ipHeader, udpHeader, espAndIv, trailer, check: shape.icvBytes };
}

/** The largest inner packet that fits an outer path of `pathMtu` bytes whole; null for an unknown suite. */
export function boreOfPath(pathMtu: number, suite: Suite, encapsulation: Carriage): number | null {
  const shape = shapeOf(suite);
  return shape === null ? null : largestInnerPacket(pathMtu, shape, encapsulation);
}

function shapeOf({ encryption, integrity }: Suite): ReturnType<typeof suiteShape> | null {
  const cipher = findEncryptionAlgorithm(encryption);
  const check = integrity === null ? null : findIntegrityAlgorithm(integrity);
  if (cipher === null || (integrity !== null && check === null)) return null;
  return suiteShape(cipher, check);
}
