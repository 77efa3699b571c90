/**
 * Why somebody who may look cannot change anything, and what makes an operator of them.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { CommandLine } from '../../components/command-line.tsx';
import { useSession } from '../../state/session-context.ts';
import { useSettled } from '../../state/live/settled.ts';

/** Whether one may is asked after the link stands. */
const answerMs = 1000;

/** The band; nothing for who may change things, or while there is no helper. */
export function ReaderBanner(): ReactElement | null {
  const { t } = useTranslation();
  const isReader = useSession(({ link, canOperate }) => link.state === 'connected' && !canOperate);
  if (useSettled(isReader ? 'reader' : null, answerMs) === null) return null;
  return (
    <Banner
      severity="note"
      title={t('tunnels.reader.title')}
      acts={<CommandLine command="culvertd --operator $USER" />}
    >
      {t('tunnels.reader.say')}
    </Banner>
  );
}
