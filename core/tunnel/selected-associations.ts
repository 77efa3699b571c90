/**
 * Which associations an interface's policies select: for each direction those of its outer pair with the policy's reqid
 * and, where the interface has ports, with its ports.
 * @module
 */
import type { Interface } from '#core/ipsecif/interface.ts';
import type { Sad } from '#core/sad/sad.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';
import { outboundPorts, policyReqid } from './interface-plan.ts';

/** The associations of one interface, each once. */
export type SelectedAssociations = {
  readonly outbound: readonly SecurityAssociation[];
  readonly inbound: readonly SecurityAssociation[];
  /** Whether some inner family has one to send on and one to receive on. */
  readonly hasKeys: boolean;
};

/** Find them. */
export function selectAssociations({ outer, policies }: Interface, sad: Sad): SelectedAssociations {
  if (outer === null || policies === null) return { outbound: [], inbound: [], hasKeys: false };
  const { in4, out4, in6, out6 } = policies;
  const sent = outboundPorts(outer);
  const received = sent === null ? null : { source: sent.destination, destination: sent.source };
  const outbound = [...sad.between(outer.local, outer.peer, sent)];
  const inbound = [...sad.between(outer.peer, outer.local, received)];
  const selects = (policy: SecurityPolicy) => (sa: SecurityAssociation) => fitsPolicy(sa, policy);
  return {
    outbound: outbound.filter((sa) => fitsPolicy(sa, out4) || fitsPolicy(sa, out6)),
    inbound: inbound.filter((sa) => fitsPolicy(sa, in4) || fitsPolicy(sa, in6)),
    hasKeys:
      (outbound.some(selects(out4)) && inbound.some(selects(in4))) ||
      (outbound.some(selects(out6)) && inbound.some(selects(in6))),
  };
}

function fitsPolicy(association: SecurityAssociation, policy: SecurityPolicy): boolean {
  const reqid = policyReqid(policy);
  return policy.action === 'protect' && (reqid === 0 || reqid === association.reqid);
}
