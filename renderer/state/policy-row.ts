/**
 * The policies as the window lists them: out above in, each direction in the order in which packets meet them, with the
 * interface that made them.
 * @module
 */
import type { InterfaceStatus, PolicyStatus, Status } from '#core/api/contract.ts';
import { formatUpperProtocol } from '#core/setkey/protocol-name.ts';
import { actionWords } from '#core/setkey/dump.ts';

/** A row. */
export type PolicyRow = {
  readonly key: string;
  readonly policy: PolicyStatus;
  /** From 1, within its direction. */
  readonly place: number;
  /** Of the same direction. */
  readonly count: number;
  /** setkey's word for the action. */
  readonly action: string;
  readonly source: string;
  readonly destination: string;
  readonly upper: string;
  /** `esp/transport//unique:16385`; empty for policies without a request. */
  readonly request: string;
  /** The interface that made it; null by hand, and where none of them fits any more. */
  readonly interfaceName: string | null;
};

/** Every policy of `status`. */
export function listPolicies({ policies, interfaces }: Status): readonly PolicyRow[] {
  return (['out', 'in'] as const).flatMap((direction) => {
    const own = policies.filter((policy) => policy.direction === direction);
    return own.map((policy, index) => rowOf(policy, index + 1, own.length, interfaces));
  });
}

/** Whether a row has `query` in one of its words. */
export function matchesPolicyQuery(row: PolicyRow, query: string): boolean {
  const { policy, action, source, destination, upper, request, interfaceName } = row;
  const words = [
    action,
    policy.direction,
    source,
    destination,
    upper,
    request,
    interfaceName ?? '',
    `spid=${policy.spid}`,
  ];
  const terms = query.toLowerCase().trim().split(/\s+/);
  return terms.every((term) => words.some((word) => word.toLowerCase().includes(term)));
}

function rowOf(policy: PolicyStatus, place: number, count: number, interfaces: readonly InterfaceStatus[]): PolicyRow {
  const { spid, action, source, destination, sourcePort, destinationPort, upperProtocol, requests } = policy;
  return {
    key: String(spid),
    ...{ policy, place, count },
    action: actionWords[action],
    source: `${hostOf(source)}${portOf(sourcePort)}`,
    destination: `${hostOf(destination)}${portOf(destinationPort)}`,
    upper: formatUpperProtocol(upperProtocol),
    request: requests.map(requestOf).join(' '),
    interfaceName: policy.origin === 'kernel' ? makerOf(policy, interfaces) : null,
  };
}

/** An interface's policies are about its outer addresses (if_ipsec.c). */
function makerOf(
  { direction, source, destination }: PolicyStatus,
  interfaces: readonly InterfaceStatus[],
): string | null {
  const [local, peer] = direction === 'out' ? [source, destination] : [destination, source];
  const maker = interfaces.find(
    ({ tunnel }) => tunnel !== null && tunnel.local === hostOf(local) && tunnel.peer === hostOf(peer),
  );
  return maker?.name ?? null;
}

function hostOf(prefix: string): string {
  const [address = prefix, length] = prefix.split('/');
  return length === (address.includes(':') ? '128' : '32') ? address : prefix;
}

function portOf(port: PolicyStatus['sourcePort']): string {
  if (port === 0) return '';
  return typeof port === 'object' ? `[${port.first}-${port.last}]` : `[${port}]`;
}

function requestOf({ level, reqid }: PolicyStatus['requests'][number]): string {
  return `esp/transport//${level}${level === 'unique' && reqid > 0 ? `:${reqid}` : ''}`;
}
