/**
 * The window: the rail, one sheet, the title block.
 * @module
 */
import { useEffect, useState, type ReactElement } from 'react';
import type { HelperLink } from '#core/api/relay.ts';
import type { Shell } from '#core/api/shell-contract.ts';
import type { Bridge } from '../bridge.ts';

/** The window. */
export function App({ bridge }: { readonly bridge: Bridge }): ReactElement {
  const [link, setLink] = useState<HelperLink | null>(null);
  const [shell, setShell] = useState<Shell | null>(null);
  useEffect(() => bridge.listen((push) => (push.kind === 'link' ? setLink(push.link) : undefined)), [bridge]);
  useEffect(() => void bridge.call('shell.describe', {}).then(setShell), [bridge]);
  return (
    <div className="app" data-theme={shell?.settings.theme}>
      {link?.message}
    </div>
  );
}
