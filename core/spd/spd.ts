/**
 * The security policy database (RFC 4301 §4.4.1; NetBSD's key.c): ordered per direction, first match wins, new entries
 * at the end. Entries of origin `kernel` belong to interfaces, and user commands cannot touch them.
 *
 * Pure data. ipsecif's four policies come and go through `installKernel` and `removeKernel`, all or none.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { invariant } from '#core/base/invariant.ts';
import { UndoJournal, type UndoMark } from '#core/base/undo-journal.ts';
import { checkPolicy } from './policy-check.ts';
import { largestManualReqid, ReqidCounter } from './reqid-counter.ts';
import type { PolicyRequest, PolicySpec, SecurityPolicy } from './security-policy.ts';
import { matchesSelector, selectorKey, type PacketSelector, type Selector } from './selector.ts';

type Direction = PolicySpec['direction'];

/** The security policy database. */
export class Spd {
  readonly #journal = new UndoJournal();
  readonly #reqids = new ReqidCounter();
  /** By selector, in order of spid, which is the order of look-up. */
  readonly #lists: Readonly<Record<Direction, Map<string, SecurityPolicy>>> = { in: new Map(), out: new Map() };
  #nextSpid = 1;
  /** A rolled-back removal puts a policy at the end of its list. */
  #isOutOfOrder = false;

  /** How many policies there are. */
  get size(): number {
    return this.#lists.in.size + this.#lists.out.size;
  }

  /**
   * Append a policy (spdadd). Level unique without a reqid, or with one above 16383, gets a fresh one.
   * @throws {IpsecError} `POLICY_EXISTS` for an equal selector and direction of any origin, `POLICY_UNSUPPORTED`.
   */
  add(spec: PolicySpec, origin: SecurityPolicy['origin'], pid: number): SecurityPolicy {
    checkPolicy(spec);
    this.#checkFree(spec, []);
    const { nextSpid, nextReqid } = { nextSpid: this.#nextSpid, nextReqid: this.#reqids.next };
    const policy = this.#append(spec, origin, pid);
    this.#journal.record(() => {
      this.#listOf(policy).delete(selectorKey(policy.selector));
      this.#nextSpid = nextSpid;
      this.#reqids.next = nextReqid;
    });
    return policy;
  }

  /** Gives what was deleted. @throws {IpsecError} `POLICY_NOT_FOUND`, `POLICY_KERNEL_ORIGIN` (both EINVAL, as NetBSD's spddelete). */
  delete(selector: Selector, direction: Direction): SecurityPolicy {
    const found = this.#lists[direction].get(selectorKey(selector));
    if (found === undefined) {
      throw new IpsecError('POLICY_NOT_FOUND', `no policy for ${describe(selector, direction)}`, { field: 'selector' });
    }
    if (found.origin === 'kernel') {
      const message = `the policy for ${describe(selector, direction)} belongs to an interface`;
      throw new IpsecError('POLICY_KERNEL_ORIGIN', message, { field: 'selector', spid: found.spid });
    }
    this.#remove(found);
    return found;
  }

  /** Remove all that users added; gives how many (spdflush). Those of interfaces stay. */
  flush(): number {
    const users = this.list().filter((policy) => policy.origin === 'user');
    for (const policy of users) this.#remove(policy);
    return users.length;
  }

  /** All in dump order: direction in, then out, each in order of look-up. */
  list(): SecurityPolicy[] {
    return [...this.#lists.in.values(), ...this.#lists.out.values()];
  }

  /** The first policy that covers a packet; null when none does. */
  lookup(direction: Direction, packet: PacketSelector): SecurityPolicy | null {
    for (const policy of this.#lists[direction].values()) {
      if (matchesSelector(policy.selector, packet)) return policy;
    }
    return null;
  }

  /**
   * Put an interface's policies in, in this order, and take `replaced` out. The new ones are checked before anything
   * changes, so after a failure the old ones still stand; what is about to go does not count as a conflict.
   * @throws {IpsecError} `POLICY_EXISTS`; then nothing has changed.
   */
  installKernel(specs: readonly PolicySpec[], replaced: readonly SecurityPolicy[] = []): SecurityPolicy[] {
    for (const spec of specs) {
      checkPolicy(spec);
      this.#checkFree(spec, replaced);
    }
    this.removeKernel(replaced);
    return specs.map((spec) => this.add(spec, 'kernel', 0));
  }

  /** Take an interface's policies out, in this order. */
  removeKernel(policies: readonly SecurityPolicy[]): void {
    for (const policy of policies) {
      invariant(policy.origin === 'kernel', 'an interface removes only policies of its own');
      this.#remove(policy);
    }
  }

  /** Open a mark to roll back to. */
  mark(): UndoMark {
    return this.#journal.mark();
  }

  /** Take back everything since `mark`; spids and reqids drawn since then are drawn again. */
  rollback(mark: UndoMark): void {
    this.#journal.rollback(mark);
    if (!this.#isOutOfOrder) return;
    this.#isOutOfOrder = false;
    for (const list of Object.values(this.#lists)) restoreOrder(list);
  }

  /** Keep everything since `mark`. */
  commit(mark: UndoMark): void {
    this.#journal.commit(mark);
  }

  #checkFree(spec: PolicySpec, replaced: readonly SecurityPolicy[]): void {
    const { selector, direction } = spec;
    const holder = this.#listOf(spec).get(selectorKey(selector));
    if (holder === undefined || replaced.includes(holder)) return;
    throw new IpsecError('POLICY_EXISTS', `a policy for ${describe(selector, direction)} exists`, {
      field: 'selector',
      spid: holder.spid,
    });
  }

  #append(spec: PolicySpec, origin: SecurityPolicy['origin'], pid: number): SecurityPolicy {
    const requests = spec.requests.map((request) => this.#withReqid(request, origin));
    const policy: SecurityPolicy = { ...spec, requests, spid: this.#nextSpid++, origin, pid };
    this.#listOf(policy).set(selectorKey(policy.selector), policy);
    return policy;
  }

  #withReqid(request: PolicyRequest, origin: SecurityPolicy['origin']): PolicyRequest {
    if (request.level !== 'unique') return request;
    const isKept = request.reqid !== 0 && (origin === 'kernel' || request.reqid <= largestManualReqid);
    return isKept ? request : { ...request, reqid: this.#reqids.draw() };
  }

  #remove(policy: SecurityPolicy): void {
    const list = this.#listOf(policy);
    const key = selectorKey(policy.selector);
    invariant(list.get(key) === policy, 'only a current policy is removed');
    list.delete(key);
    this.#journal.record(() => {
      list.set(key, policy);
      this.#isOutOfOrder = true;
    });
  }

  #listOf({ direction }: { readonly direction: Direction }): Map<string, SecurityPolicy> {
    return this.#lists[direction];
  }
}

/** Put a list back in order of spid. */
function restoreOrder(list: Map<string, SecurityPolicy>): void {
  const entries = [...list].sort(([, left], [, right]) => left.spid - right.spid);
  list.clear();
  for (const [key, policy] of entries) list.set(key, policy);
}

function describe(selector: Selector, direction: Direction): string {
  const { source, destination, upperProtocol } = selector;
  const protocol = upperProtocol === 255 ? 'any protocol' : `protocol ${upperProtocol}`;
  return `${source} to ${destination}, ${protocol}, ${direction}`;
}
