/**
 * The band over every sheet while the helper is away: what is wrong, what that means, and the act that may help.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { IpsecError } from '#core/base/error.ts';
import { Banner } from '../components/banner.tsx';
import { Button } from '../components/button.tsx';
import { useSession, useSessionStore } from '../state/session-context.ts';
import { useSettled } from '../state/live/settled.ts';

const blipMs = 5000;

/** The band; a helper that was never there is told of at once. */
export function LinkBanner(): ReactElement | null {
  const { t } = useTranslation();
  const store = useSessionStore();
  const link = useSession((session) => session.link);
  const wasThere = useSession(({ measuredMs }) => measuredMs > 0);
  const isWaiting = wasThere || link.state === 'connecting';
  const settled = useSettled(link.state === 'connected' ? null : link.state, isWaiting ? blipMs : 0);
  if (settled === null || link.state === 'connected') return null;
  const start = (): void => {
    store.bridge.call('shell.startHelper', {}).catch((error: unknown) => {
      if (error instanceof IpsecError) store.setState({ refusal: { name: t('helper'), error } });
    });
  };
  return (
    <div className="notices">
      <Banner
        severity={link.state === 'connecting' ? 'attention' : 'fault'}
        title={t(`link.title.${link.state}`)}
        acts={
          link.state === 'absent' || link.state === 'connecting' ? (
            <Button onClick={start}>{t('link.start')}</Button>
          ) : undefined
        }
      >
        {t(`link.meaning.${link.state}`)}
      </Banner>
    </div>
  );
}
