/**
 * What the window's figures are measured over: a culvertd with ten tunnels in a namespace of its own.
 * @module
 */
import { Culvertd } from '#test/support/culvertd.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

const tunnelCount = 10;

/** Do `work` over it. */
export async function withTenTunnels<T>(work: (culvertd: Culvertd) => Promise<T>): Promise<T> {
  const namespace = new NetworkNamespace('desktop');
  try {
    const culvertd = await Culvertd.start(namespace);
    try {
      await makeTunnels(culvertd);
      return await work(culvertd);
    } finally {
      await culvertd.dispose();
    }
  } finally {
    namespace.remove();
  }
}

async function makeTunnels(culvertd: Culvertd): Promise<void> {
  for (let unit = 0; unit < tunnelCount; unit++) {
    const name = `ipsec${unit}`;
    await culvertd.ask('interface.create', { name });
    const text = `tunnel 127.0.0.1 127.0.1.${unit + 1}\ninet 10.99.${unit}.1/32 10.99.${unit}.2\nup`;
    await culvertd.ask('ifconfig.run', { name, text, semantics: 'file' });
  }
}
