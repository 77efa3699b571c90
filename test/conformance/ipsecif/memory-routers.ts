/**
 * Routers of the in-process network: the gateway's own code with the portable transform, in virtual time, spoken to
 * through the code of the `culvert` command; only the socket between them is missing.
 * @module
 */
import { parseAnswer } from '#core/api/answer.ts';
import { dispatch } from '#core/api/dispatch.ts';
import type { Log } from '#core/base/port.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { runIfconfig } from '#core/cli/ifconfig/ifconfig-command.ts';
import { runSetkeyCommand } from '#core/cli/setkey-command.ts';
import { buildTwoGateways, type Side, type SideAddresses } from '#core/host/memory/two-gateways.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import type { Gateway } from '#core/tunnel/gateway.ts';
import { fakeTerminal } from '#test/core/cli/fake-helper.ts';
import { prefixLength, routerAddresses, type AddressPair, type RouterAddresses } from './addresses.ts';
import type { Router, RouterPair } from './router.ts';

const caller = { uid: 0, pid: 1, canOperate: true };

/** A fresh network. */
export function openMemoryRouters(): Promise<RouterPair> {
  const lines: string[] = [];
  const keep = (message: string): void => void lines.push(message);
  const log: Log = { info: keep, warn: keep, error: keep };
  const sides = {
    a: toSide('router1', routerAddresses.one),
    b: toSide('router2', routerAddresses.two),
  };
  const network = buildTwoGateways({ allowWeak: true, log, sides });
  const readLog = (): Promise<string> => Promise.resolve(lines.join('\n'));
  return Promise.resolve({
    one: makeRouter(network.a, routerAddresses.one, readLog),
    two: makeRouter(network.b, routerAddresses.two, readLog),
  });
}

function makeRouter({ gateway, router }: Side, addresses: RouterAddresses, readLog: Router['readLog']): Router {
  return {
    addresses,
    readLog,
    async culvert([command, ...words], input = '') {
      const terminal = fakeTerminal(input);
      const run = command === 'ifconfig' ? runIfconfig : runSetkeyCommand;
      const status = await run(words, { terminal, connect: () => Promise.resolve(connectTo(gateway)), version: '' });
      return { status, stdout: terminal.output, stderr: terminal.errors };
    },
    async routeInto(prefix, ownAddress) {
      router.addRoute(parsePrefix(prefix), parseIpAddress(ownAddress));
    },
    async deviceTowards(destination) {
      return router.routes.find(parseIpAddress(destination))?.interfaceName ?? null;
    },
    async addWanAddress(text) {
      const address = parseIpAddress(text);
      router.addAddress('wm0', {
        address,
        prefixLength: prefixLength[text.includes(':') ? 'ipv6' : 'ipv4'],
        peer: null,
      });
    },
    async ping(source, destination) {
      const options = source === null ? {} : { source: parseIpAddress(source) };
      return router.ping(parseIpAddress(destination), options).received === 1;
    },
  };
}

/** The helper without its socket: parameters and answers go through JSON and the contract as they would there. */
function connectTo(gateway: Gateway): HelperClient {
  return {
    async call(method, params) {
      const wireParams: unknown = JSON.parse(JSON.stringify(params));
      const answer: unknown = JSON.parse(JSON.stringify(await dispatch(gateway, method, wireParams, caller)));
      return parseAnswer(method, answer);
    },
    watch: () => Promise.reject(new Error('nothing is watched here')),
    hearUpdates() {},
    close() {},
  };
}

function toSide(name: string, { lan, network, wan, inner }: RouterAddresses): SideAddresses {
  const pair = ({ ipv4, ipv6 }: AddressPair): { 4: string; 6: string } => ({ 4: ipv4, 6: ipv6 });
  return {
    gatewayName: name,
    hostName: `${name}-host`,
    wire: pair(wan),
    inner: pair(inner),
    gateway: pair(lan),
    // Nobody lives there: the cases ping the routers' own addresses.
    host: { 4: lan.ipv4.replace(/1$/, '99'), 6: lan.ipv6.replace(/1$/, '99') },
    network: pair(network),
  };
}
