/**
 * Text of a tunnel.
 * @module
 */
import type { ReactElement } from 'react';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** The tab. */
export function TextTab({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  return <p>{tunnel.name}</p>;
}
