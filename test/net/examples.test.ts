/**
 * The examples that are text, in namespaces with real devices: `up.sh` of each machine as it is, then pings.
 * @module
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { firstWords, textExamples } from '#test/examples/text/text-example.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { missingForNat, NamespaceExample } from './examples/namespace-example.ts';

suite('examples in namespaces', { skip: missingForTunnels() ?? false }, () => {
  for (const example of textExamples) {
    const skip = (example.nat === undefined ? null : missingForNat()) ?? false;
    test(`${example.folder}: after up.sh on every machine all pings are answered`, { skip }, async (context) => {
      const network = await NamespaceExample.open(example);
      context.after(() => network.close());
      await network.up();
      // Until it has heard the client, the other end sends to the port that the NAT did not choose.
      for (const ping of firstWords(example)) network.ping(ping);
      for (const ping of example.pings)
        assert.equal(network.ping(ping), 3, `${JSON.stringify(ping)}\n${network.log()}`);
      const states = await network.states();
      assert.deepEqual(
        states.filter((line) => !line.endsWith(' up')),
        [],
      );
    });
  }
});
