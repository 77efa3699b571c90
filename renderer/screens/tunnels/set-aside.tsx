/**
 * Files among the profiles that are none: named, with the reason, so that nobody looks for a tunnel in vain.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../state/session-context.ts';

/** The section; nothing where every file is a profile. */
export function SetAside(): ReactElement | null {
  const { t } = useTranslation();
  const files = useSession((session) => session.setAside);
  if (files.length === 0) return null;
  return (
    <section className="set-aside">
      <h2>{t('tunnels.setAside.title')}</h2>
      <p className="small">{t('tunnels.setAside.say')}</p>
      <ul>
        {files.map(({ file, reason, message }) => (
          <li key={file}>
            <span className="bits">{file}</span>
            <b className="is-attention">{t(`tunnels.setAside.reason.${reason}`)}</b>
            <span className="small">{message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
