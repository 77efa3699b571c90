/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRouteWords } from '#core/cli/route/route-words.ts';

const parse = (line: string): ReturnType<typeof parseRouteWords> =>
  parseRouteWords(line.split(' ').filter((word) => word !== ''));

const added = (line: string): unknown[] => {
  const request = parse(`add ${line}`);
  assert.ok(request.kind === 'add');
  const { destination, gateway, interface: name, source, kind, isFailClosed, isHost } = request.route;
  return [destination, gateway ?? name, source, kind, isFailClosed, isHost];
};

test('destinations are hosts, networks long and short, and default, with masks in each of BSD’s ways', () => {
  const way = ['172.16.2.1', null, 'unicast', false] as const;
  const cases = [
    ['10.0.0.0/8 172.16.2.1', '10.0.0.0/8', false],
    ['10/8 172.16.2.1', '10.0.0.0/8', false],
    ['-net 172.16/12 172.16.2.1', '172.16.0.0/12', false],
    ['-net 10.0.0.0 172.16.2.1 -netmask 255.0.0.0', '10.0.0.0/8', false],
    ['-net 10.0.0.0 -netmask 0xff000000 172.16.2.1', '10.0.0.0/8', false],
    ['10.0.0.0 172.16.2.1 -prefixlen 8', '10.0.0.0/8', false],
    ['-host 10.1.2.3 172.16.2.1', '10.1.2.3/32', true],
    ['10.1.2.3 172.16.2.1', '10.1.2.3/32', true],
    ['default 172.16.2.1', '0.0.0.0/0', false],
  ] as const;
  for (const [line, destination, isHost] of cases) assert.deepEqual(added(line), [destination, ...way, isHost], line);
  const inet6 = ['2001:db8::1', null, 'unicast', false, false];
  assert.deepEqual(added('default 2001:db8::1'), ['::/0', ...inet6]);
  assert.deepEqual(added('-inet6 default 2001:db8::1'), ['::/0', ...inet6]);
});

test('an interface is named by -interface or -ifp, and a source by -ifa', () => {
  assert.deepEqual(added('10/8 -interface ipsec0').slice(0, 3), ['10.0.0.0/8', 'ipsec0', null]);
  assert.deepEqual(added('10/8 -ifp ipsec0 -ifa 172.16.1.1').slice(0, 3), ['10.0.0.0/8', 'ipsec0', '172.16.1.1']);
  assert.deepEqual(added('10/8 -interface 172.16.1.1').slice(0, 3), ['10.0.0.0/8', '172.16.1.1', null]);
});

test('a route that leads nowhere forgets the gateway that BSD wants there', () => {
  assert.deepEqual(added('10/8 127.0.0.1 -reject'), ['10.0.0.0/8', null, null, 'reject', false, false]);
  assert.deepEqual(added('10/8 -blackhole'), ['10.0.0.0/8', null, null, 'blackhole', false, false]);
  assert.deepEqual(added('10/8 172.16.2.1 -failclosed')[4], true);
});

test('show and flush take a family, delete and get no gateway, and flags stand in front', () => {
  assert.deepEqual(parse('-n show -inet6'), { kind: 'show', family: 6, isQuiet: false });
  assert.deepEqual(parse('-q flush'), { kind: 'flush', family: null, isQuiet: true });
  assert.deepEqual(parse('-f'), { kind: 'flush', family: null, isQuiet: false });
  assert.equal(parse('delete 10/8').kind, 'delete');
  assert.equal(parse('get 10.1.2.3').kind, 'get');
});

test('what makes no sense is refused with the word', () => {
  const cases = [
    ['', /a command is needed/],
    ['-z show', /unknown flag "-z"/],
    ['ad 10/8 1.2.3.4', /unknown word "ad"; did you mean "add"\?/],
    ['add', /"add" needs a destination/],
    ['add 10/8', /needs a gateway or -interface/],
    ['add 10/8 1.2.3.4 5.6.7.8', /"5\.6\.7\.8" is one word too many/],
    ['add 10/8 1.2.3.4 -interface ipsec0', /exclude each other/],
    ['add 10/8 -interfac ipsec0', /did you mean "-interface"/],
    ['add 10/8 -interface', /"-interface" needs a word/],
    ['add 10/8 -reject -failclosed', /-failclosed is for routes that lead somewhere/],
    ['add -inet6 10/8 2001:db8::1', /not an IPv6 address/],
    ['add -host 10/8 1.2.3.4', /10\/8 is not a host/],
    ['show -inet -inet6', /one word too many/],
    ['show -inet7', /did you mean "-inet"/],
  ] as const;
  for (const [line, message] of cases) assert.throws(() => parse(line), { code: 'ROUTE_USAGE', message }, line);
  assert.throws(() => parse('add 10.0.0.0 1.2.3.4 -netmask 255.0.255.0'), { code: 'PREFIX_SYNTAX' });
  assert.throws(() => parse('add 10.0.0.0/33 1.2.3.4'), { code: 'PREFIX_SYNTAX' });
  assert.throws(() => parse('add host.example 1.2.3.4'), { code: 'ADDRESS_SYNTAX' });
});
