/**
 * Routes that an earlier culvertd has left: those that refuse what a profile's tunnel does not carry, and those that kept a
 * tunnel's own packets out of it. Linux only.
 * @module
 */
import type { IpPrefix } from '#core/ip/prefix.ts';
import { listHostRoutes, removeHostRoutes } from '#core/host/linux/host-routes.ts';
import { isRefusal } from '#core/tunnel/command/refused-networks.ts';
import { isWayOut } from '#core/tunnel/command/way-out.ts';

/** Remove them; gives the networks that are refused no longer. @throws {IpsecError} `HOST_*`. */
export async function removeLeftRoutes(): Promise<readonly IpPrefix[]> {
  const routes = await listHostRoutes();
  const refusals = routes.filter(isRefusal);
  await removeHostRoutes([...refusals, ...routes.filter(isWayOut)]);
  return refusals.map(({ destination }) => destination);
}
