/**
 * What becomes of a profile's networks when its tunnel cannot carry them.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { failClosedWhen, type Profile } from '#core/profile/profile.ts';
import { ChoiceList } from '../../components/choice-list.tsx';

/** The choice. */
export function FailClosedChoice(props: {
  readonly value: Profile['failClosed'];
  readonly legendClass?: string | undefined;
  readonly onChoose: (value: Profile['failClosed']) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { value, legendClass, onChoose } = props;
  const options = failClosedWhen.map((when) => ({
    value: when,
    name: t(`failClosed.${when}.name`),
    say: t(`failClosed.${when}.say`),
  }));
  return <ChoiceList legend={t('failClosed.title')} {...{ legendClass, value, options, onChoose }} />;
}
