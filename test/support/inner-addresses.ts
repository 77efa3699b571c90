/**
 * Inner addresses of the tests of the datapath loops, of both families.
 * @module
 */
import { parseIpAddress } from '#core/ip/address.ts';

/** Inner addresses. */
export const inner4 = { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') };
/** The same in IPv6. */
export const inner6 = { source: parseIpAddress('fd00:1::1'), destination: parseIpAddress('fd00:2::1') };
