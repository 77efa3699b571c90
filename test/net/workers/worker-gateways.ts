/**
 * Two culvertds in namespaces, joined directly, with several workers each: a tunnel whose far end has a replay window
 * of 64 packets.
 * @module
 */
import assert from 'node:assert/strict';
import { Culvertd } from '#test/support/culvertd.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

/** One end. */
export type WorkerGateway = {
  readonly namespace: NetworkNamespace;
  readonly culvertd: Culvertd;
  readonly outer: string;
  /** Of its own inner address: 172.16.number.1. */
  readonly number: 1 | 2;
};

/** Name of the interface at either end. */
export const workerInterface = 'ipsec0';
/** Packets of both replay windows, in bytes of setkey's -r. */
const windowBytes = 8;

/** Inner address of an end. */
export function innerOf(number: number): string {
  return `172.16.${number}.1`;
}

/** The picture. */
export class WorkerGateways {
  readonly left: WorkerGateway;
  readonly right: WorkerGateway;
  readonly isNatT: boolean;

  private constructor(left: WorkerGateway, right: WorkerGateway, isNatT: boolean) {
    this.left = left;
    this.right = right;
    this.isNatT = isNatT;
  }

  /** Build it. `cleanups` gets how to undo it, in the order in which that is to be done. */
  static async open(
    label: string,
    { workers, isNatT }: { readonly workers: number; readonly isNatT: boolean },
    cleanups: (() => unknown)[],
  ): Promise<WorkerGateways> {
    const start = async (suffix: string, number: 1 | 2): Promise<WorkerGateway> => {
      const namespace = new NetworkNamespace(`${label}-${suffix}`);
      cleanups.unshift(() => namespace.remove());
      const culvertd = await Culvertd.start(namespace, '--workers', String(workers));
      cleanups.unshift(() => culvertd.dispose());
      return { namespace, culvertd, number, outer: `192.0.2.${number}` };
    };
    const [left, right] = [await start('left', 1), await start('right', 2)];
    joinByVeth(
      { namespace: left.namespace, device: 'wan0', addresses: [`${left.outer}/24`] },
      { namespace: right.namespace, device: 'wan0', addresses: [`${right.outer}/24`] },
    );
    const gateways = new WorkerGateways(left, right, isNatT);
    await gateways.createInterfaces();
    return gateways;
  }

  /** Make the interface at both ends. */
  async createInterfaces(): Promise<void> {
    await this.#configure(this.left, this.right);
    await this.#configure(this.right, this.left);
  }

  /** An association for each direction, at both ends: `spi` from left to right, one more from right to left. */
  async addAssociations(spi: number): Promise<void> {
    for (const gateway of [this.left, this.right]) {
      const { policies } = await gateway.culvertd.ask('status.get', {});
      const add = (from: WorkerGateway, to: WorkerGateway, number: number): string => {
        const direction = from === gateway ? 'out' : 'in';
        const policy = policies.find((row) => row.direction === direction && row.upperProtocol === 4);
        const reqid = this.isNatT ? '' : `-u ${policy?.requests[0]?.reqid ?? 0}`;
        const port = this.isNatT ? ' [4500]' : '';
        const key = `0x${number.toString(16).padStart(8, '0').repeat(5)}`;
        const protocol = this.isNatT ? 'esp-udp' : 'esp';
        const options = `-m transport -r ${windowBytes} ${reqid} -E aes-gcm-16 ${key}`;
        return `add ${from.outer}${port} ${to.outer}${port} ${protocol} ${number} ${options};`;
      };
      const text = `${add(this.left, this.right, spi)}\n${add(this.right, this.left, spi + 1)}`;
      const { errors } = await gateway.culvertd.ask('setkey.run', { text, semantics: 'file' });
      assert.deepEqual(errors, []);
    }
  }

  /** Both ends forget what `addAssociations` made. */
  async deleteAssociations(spi: number): Promise<void> {
    const { left, right } = this;
    const port = this.isNatT ? ' [4500]' : '';
    const drop = (from: WorkerGateway, to: WorkerGateway, number: number): string =>
      `delete ${from.outer}${port} ${to.outer}${port} ${this.isNatT ? 'esp-udp' : 'esp'} ${number};`;
    const text = `${drop(left, right, spi)}\n${drop(right, left, spi + 1)}`;
    for (const { culvertd } of [left, right]) {
      const { errors } = await culvertd.ask('setkey.run', { text, semantics: 'file' });
      assert.deepEqual(errors, []);
    }
  }

  /** Sequence number, packets and what was refused of the association with this SPI, at one end. */
  async usageOf(
    { culvertd }: WorkerGateway,
    spi: number,
  ): Promise<{ sequence: number; packets: number; replayDrops: number }> {
    const { associations } = await culvertd.ask('status.get', {});
    const usage = associations.find((association) => association.spi === spi)?.usage;
    assert.ok(usage !== undefined);
    return usage;
  }

  async #configure({ culvertd, outer, number }: WorkerGateway, far: WorkerGateway): Promise<void> {
    const name = workerInterface;
    const port = this.isNatT ? 4500 : 0;
    await culvertd.ask('interface.create', { name });
    await culvertd.ask('interface.setMtu', { name, mtu: 1400 });
    if (this.isNatT) await culvertd.ask('interface.setFlags', { name, link0: true });
    await culvertd.ask('interface.setTunnel', { name, local: outer, peer: far.outer, localPort: port, peerPort: port });
    const address = { address: innerOf(number), prefixLength: 32, peer: innerOf(far.number) };
    await culvertd.ask('interface.addAddress', { name, ...address });
    await culvertd.ask('interface.setFlags', { name, isUp: true });
  }
}
