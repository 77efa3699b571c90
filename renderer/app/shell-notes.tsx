/**
 * What the desktop has to say of itself: settings that could not be read, once a start; that no tray shows our icon, once
 * ever.
 * @module
 */
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../components/banner.tsx';
import { Button } from '../components/button.tsx';
import { useSession } from '../state/session-context.ts';

/** Under this name the page remembers that it has told of the missing tray. */
const toldKey = 'culvert.told.noTray';

/** The notes; null while there are none. */
export function ShellNotes(): ReactElement | null {
  const { t } = useTranslation();
  const shell = useSession((session) => session.shell);
  const problem = shell?.problem ?? null;
  const hasNoTray = shell?.kind === 'desktop' && shell.hasTray === false;
  return (
    <>
      {problem === null ? null : <Note title={t('note.settings')} text={problem} />}
      {hasNoTray ? <NoTray /> : null}
    </>
  );
}

function NoTray(): ReactElement | null {
  const { t } = useTranslation();
  const [wasTold] = useState(() => localStorage.getItem(toldKey) !== null);
  useEffect(() => localStorage.setItem(toldKey, 'yes'), []);
  return wasTold ? null : <Note title={t('note.noTray')} text={t('note.noTraySay')} />;
}

function Note(props: { readonly title: string; readonly text: string }): ReactElement | null {
  const { title, text } = props;
  const { t } = useTranslation();
  const [isThere, setThere] = useState(true);
  if (!isThere) return null;
  const close = <Button onClick={() => setThere(false)}>{t('action.close')}</Button>;
  return (
    <div className="notices">
      <Banner severity="note" title={title} acts={close}>
        {text}
      </Banner>
    </div>
  );
}
