/**
 * Reads the text of an interface back into a draft: the text says how it shall be, so what is not written is taken away.
 * Pure.
 * @module
 */
import { parseIfconfig, type IfconfigError } from '#core/ifconfig/parser.ts';
import type { IfconfigStatement } from '#core/ifconfig/syntax.ts';
import { profileSchema } from '#core/profile/profile.ts';
import { hasNames, type InterfaceDraft } from './interface-draft.ts';

/** Of a fresh interface. */
const defaultMtu = profileSchema.shape.mtu.parse(undefined);

/** A draft, or what is wrong with the text. */
export type ReadText =
  | { readonly draft: InterfaceDraft; readonly errors: readonly [] }
  | { readonly draft: null; readonly errors: readonly IfconfigError[] };

/**
 * The draft that `text` describes. Options and routes, which ifconfig has no words for, stay as in `base`; so do outer
 * addresses that are names.
 */
export function readDraft(text: string, base: InterfaceDraft): ReadText {
  const { lines, errors } = parseIfconfig(text);
  if (errors.length > 0) return { draft: null, errors };
  const empty: InterfaceDraft = {
    ...base,
    isUp: false,
    flags: { link0: false, link1: false, link2: true, unnumbered: false },
    tunnel: hasNames(base) ? base.tunnel : null,
    mtu: defaultMtu,
    addresses: [],
  };
  const statements = lines.flatMap((line) => (line.kind === 'statements' ? line.statements : []));
  return { draft: statements.reduce(carryOut, empty), errors: [] };
}

function carryOut(draft: InterfaceDraft, statement: IfconfigStatement): InterfaceDraft {
  switch (statement.kind) {
    case 'create':
    case 'destroy':
      return draft;
    case 'deletetunnel':
      return { ...draft, tunnel: null };
    case 'up':
      return { ...draft, isUp: statement.isUp };
    case 'flag':
      return { ...draft, flags: { ...draft.flags, [statement.flag]: statement.isSet } };
    case 'mtu':
      return { ...draft, mtu: statement.mtu };
    case 'tunnel': {
      const { local, peer, localPort, peerPort } = statement;
      return { ...draft, tunnel: { local, peer, localPort, peerPort } };
    }
    case 'address': {
      const { address, prefixLength, peer } = statement;
      const others = draft.addresses.filter((other) => other.address !== address);
      return { ...draft, addresses: [...others, { address, prefixLength, peer }] };
    }
    case 'delete':
      return { ...draft, addresses: draft.addresses.filter(({ address }) => address !== statement.address) };
  }
}
