/**
 * `node build/ci/check-demo.mjs FILE`: reads what `npm run demo -- --json` printed and ends with status 0 only when
 * it says that the tunnel held. Plain JavaScript, for any Node.js.
 * @module
 */
import { readFileSync } from 'node:fs';

const text = readFileSync(process.argv[2], 'utf8');
try {
  const { mode, outer, natT, tcp, wire, ok } = JSON.parse(text);
  const speed = `${(tcp.mbitPerSecond / 1000).toFixed(2)} Gbit/s`;
  const traffic = `${wire.espPackets} ESP packets, ${wire.plaintextInnerPackets} in plaintext`;
  console.log(`${ok === true ? 'ok  ' : 'FAIL'} ${mode}, outer ${outer}${natT ? ', NAT-T' : ''}: ${speed}, ${traffic}`);
  if (ok !== true) console.log(text);
  process.exitCode = ok === true ? 0 : 1;
} catch (error) {
  console.log(`FAIL the demo did not print its result (${error.message}):\n${text}`);
  process.exitCode = 1;
}
