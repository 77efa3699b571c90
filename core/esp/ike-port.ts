/**
 * The UDP port that ESP may not use: on 500 an IKE message has no marker in front, so nothing tells it from ESP, and
 * both ends move to another port before they send ESP in UDP (RFC 7296 §2.23, RFC 3948 §2.2).
 * @module
 */
import { IpsecError } from '#core/base/error.ts';

/** IKE's own port. */
const ikePort = 500;

/** Refuse it where ESP in UDP would use it. @throws {IpsecError} `PORT_IKE` with `field`. */
export function refuseIkePort(field: string, port: number): void {
  if (port !== ikePort) return;
  throw new IpsecError('PORT_IKE', `UDP port ${ikePort} is for IKE alone, ESP never uses it (RFC 7296 §2.23)`, {
    field,
  });
}
