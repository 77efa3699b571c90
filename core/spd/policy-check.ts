/**
 * What a policy must be like to enter the SPD. Culvert protects traffic by ESP in transport mode around IP-in-IP, so
 * a policy that protects has exactly one such request.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { PolicySpec } from './security-policy.ts';
import { anyProtocol, selectorFamily, type PortSelector } from './selector.ts';

/** @throws {IpsecError} `ADDRESS_FAMILY_MIXED`, `PORT_RANGE` or `POLICY_UNSUPPORTED` naming the field. */
export function checkPolicy(spec: PolicySpec): void {
  const { source, destination, sourcePort, destinationPort, upperProtocol } = spec.selector;
  if (selectorFamily(source) !== selectorFamily(destination)) {
    throw new IpsecError('ADDRESS_FAMILY_MIXED', `${source} and ${destination} are of different families`, {
      field: 'destination',
    });
  }
  checkPort('sourcePort', sourcePort);
  checkPort('destinationPort', destinationPort);
  checkNumber('POLICY_UNSUPPORTED', 'upperProtocol', upperProtocol, anyProtocol);
  const wanted = spec.action === 'protect' ? 1 : 0;
  if (spec.requests.length !== wanted) {
    const message = `a policy that says ${spec.action} has ${spec.requests.length} requests instead of ${wanted}`;
    throw new IpsecError('POLICY_UNSUPPORTED', message, { field: 'requests' });
  }
  for (const { level, reqid } of spec.requests) {
    checkNumber('POLICY_UNSUPPORTED', 'reqid', reqid, 65535);
    if (level === 'unique' || reqid === 0) continue;
    throw new IpsecError('POLICY_UNSUPPORTED', `level ${level} carries no reqid`, { field: 'reqid' });
  }
}

function checkPort(field: string, port: PortSelector): void {
  if (port === 'opaque') return;
  if (typeof port === 'number') return checkNumber('PORT_RANGE', field, port, 65535);
  checkNumber('PORT_RANGE', field, port.first, 65535);
  checkNumber('PORT_RANGE', field, port.last, 65535);
  if (port.first <= port.last) return;
  throw new IpsecError('PORT_RANGE', `${field} ${port.first}-${port.last} ends before it begins`, { field });
}

function checkNumber(code: 'PORT_RANGE' | 'POLICY_UNSUPPORTED', field: string, value: number, largest: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= largest) return;
  throw new IpsecError(code, `${field} ${value} is not a number from 0 to ${largest}`, { field });
}
