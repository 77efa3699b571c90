/**
 * What `setkey -D` prints of one association, asked of the helper anew each time it is shown; keys are left out there.
 * @module
 */
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { DrawerPart } from '../../components/drawer.tsx';
import { TextBlock } from '../../components/text-block.tsx';
import type { AssociationRow } from '../../state/association-row.ts';
import { findAssociationEntry } from '../../state/dump-entry.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';

/** The part of the drawer; readers may not ask for it, and are told so. */
export function AssociationDump({ row }: { readonly row: AssociationRow }): ReactElement {
  const { t } = useTranslation();
  const { bridge } = useSessionStore();
  const canOperate = useSession((session) => session.canOperate);
  const { source, destination, spi } = row;
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    if (!canOperate) return;
    let isHere = true;
    bridge.call('setkey.dump', { what: 'associations', withKeys: false }).then(
      (dump) => {
        if (isHere) setText(findAssociationEntry(dump.text, { source, destination, spi }) ?? '');
      },
      () => {}, // the link says what is wrong
    );
    return () => {
      isHere = false;
    };
  }, [bridge, canOperate, source, destination, spi]);
  const title = t('associations.drawer.dump');
  return (
    <DrawerPart title={title}>
      {!canOperate ? (
        <p className="small">{t('associations.drawer.dumpDenied')}</p>
      ) : text === '' ? (
        <p className="small">{t('associations.drawer.dumpGone')}</p>
      ) : (
        <TextBlock text={text ?? ''} language="dump" label={title} />
      )}
    </DrawerPart>
  );
}
