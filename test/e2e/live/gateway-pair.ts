/**
 * Two gateways of a test of the window: namespaces joined by a cable, a culvertd in each, an address of a network behind
 * each. Nothing joins those networks before a test makes a tunnel.
 * @module
 */
import type { Method, Params, Result } from '#core/api/contract.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';
import { UiWindow } from './ui-window.ts';

/** One gateway. */
export type Gateway = {
  readonly namespace: NetworkNamespace;
  readonly culvertd: Culvertd;
  /** Outer address. */
  readonly outer: string;
  /** An address of the network behind it. */
  readonly behind: string;
  /** That network. */
  readonly network: string;
};

/** Two gateways. */
export class GatewayPair {
  readonly left: Gateway;
  readonly right: Gateway;

  private constructor(left: Gateway, right: Gateway) {
    this.left = left;
    this.right = right;
  }

  /** Make both, each helper with `words`; `dispose` takes them away. */
  static async create(words: readonly string[] = UiWindow.helperWords()): Promise<GatewayPair> {
    const namespaces = [new NetworkNamespace('left'), new NetworkNamespace('right')] as const;
    try {
      joinByVeth(
        { namespace: namespaces[0], device: 'wan0', addresses: ['192.0.2.1/24'] },
        { namespace: namespaces[1], device: 'wan0', addresses: ['192.0.2.2/24'] },
      );
      const left = await startIn(namespaces[0], 1, words);
      const right = await startIn(namespaces[1], 2, words);
      return new GatewayPair(left, right);
    } catch (error) {
      for (const namespace of namespaces) namespace.remove();
      throw error;
    }
  }

  /** Ask the culvertd of the right one, as `culvert` there would. */
  askRight<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    return this.right.culvertd.ask(method, params);
  }

  /** Whether a ping from behind the left one to behind the right one is answered. */
  pings(): boolean {
    const { left, right } = this;
    const { status } = left.namespace.run('ping', '-c', '2', '-i', '0.2', '-W', '2', '-I', left.behind, right.behind);
    return status === 0;
  }

  /** End both, and remove all that they made. */
  async dispose(): Promise<void> {
    for (const { culvertd, namespace } of [this.left, this.right]) {
      await culvertd.dispose();
      namespace.remove();
    }
  }
}

async function startIn(namespace: NetworkNamespace, number: 1 | 2, words: readonly string[]): Promise<Gateway> {
  const behind = `10.${number}.0.1`;
  namespace.ip(`address add ${behind}/24 dev lo`);
  const culvertd = await Culvertd.start(namespace, ...words);
  return { namespace, culvertd, outer: `192.0.2.${number}`, behind, network: `10.${number}.0.0/24` };
}
