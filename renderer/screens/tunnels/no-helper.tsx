/**
 * While the helper is away: what was found out, and what to type, each with its line.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HelperLink } from '#core/api/relay.ts';
import { CommandLine } from '../../components/command-line.tsx';
import { Icon } from '../../components/icon.tsx';
import { formatClock } from '../../state/format.ts';
import { useSession } from '../../state/session-context.ts';

type Mark = 'yes' | 'no' | 'unknown';

/** What each state of the link tells of the steps to a helper that works with us. */
const ladder: Readonly<Record<HelperLink['state'], readonly [answers: Mark, admits: Mark, agrees: Mark]>> = {
  connected: ['yes', 'yes', 'yes'],
  connecting: ['unknown', 'unknown', 'unknown'],
  absent: ['no', 'unknown', 'unknown'],
  denied: ['yes', 'no', 'unknown'],
  mismatch: ['yes', 'yes', 'no'],
};

const steps = ['answers', 'admits', 'agrees'] as const;
const icons = { yes: 'check', no: 'close', unknown: 'more' } as const;
const tones = { yes: 'is-flow', no: 'is-fault', unknown: 'is-none' } as const;

/** The section over the list. */
export function NoHelper(): ReactElement {
  const { t } = useTranslation();
  const link = useSession((session) => session.link);
  const measuredMs = useSession((session) => session.measuredMs);
  const isDesktop = useSession(({ shell }) => shell?.kind === 'desktop');
  const marks = ladder[link.state];
  const unknown = t(link.state === 'connecting' ? 'tunnels.noHelper.asking' : 'tunnels.noHelper.notYet');
  return (
    <section className="found">
      <div>
        <h2>{t('tunnels.noHelper.found')}</h2>
        <table className="table">
          <tbody>
            {steps.map((step, index) => {
              const mark = marks[index] ?? 'unknown';
              return (
                <tr key={step}>
                  <td className={`mark ${tones[mark]}`}>
                    <Icon name={icons[mark]} label={t(`tunnels.noHelper.mark.${mark}`)} />
                  </td>
                  <th scope="row" className={mark === 'unknown' ? 'is-none' : undefined}>
                    {t(`tunnels.noHelper.${step}`)}
                  </th>
                  <td className={`found__what ${mark === 'no' ? 'is-fault' : 'is-none'}`}>
                    {mark === 'no' ? link.message : mark === 'unknown' ? unknown : ''}
                  </td>
                </tr>
              );
            })}
            {measuredMs === 0 ? null : (
              <tr>
                <td className="mark is-none">
                  <Icon name="more" />
                </td>
                <th scope="row" className="is-none">
                  {t('tunnels.noHelper.seen')}
                </th>
                <td className="is-none">{formatClock(measuredMs)}</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <div>
        <h2>{t('tunnels.noHelper.todo')}</h2>
        <p>{link.hint === '' ? t('tunnels.noHelper.wait') : link.hint}</p>
        {link.command === null ? null : (
          <>
            <p className="small found__type">{t(isDesktop ? 'link.command' : 'tunnels.noHelper.type')}</p>
            <CommandLine command={link.command} />
          </>
        )}
      </div>
    </section>
  );
}
