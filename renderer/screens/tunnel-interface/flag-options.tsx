/**
 * The flags of a tunnel as switches. Each says, before it is pressed, which policies and associations would appear, change
 * or go; pressing it shows them, and only then is it applied.
 * @module
 */
import { useState, type ReactElement } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { RelayResult } from '#core/api/relay.ts';
import { Option } from '../../components/option.tsx';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { useWatched } from '../../state/use-watched.ts';
import { FlagDialog } from './flag-dialog.tsx';
import { flagOf, type FlagName } from './flag-state.ts';

type Preview = RelayResult<'interface.preview'>;

/** What a change does is asked anew so often: associations come and go. */
const previewMs = 5000;

/** Switches for `flags`. */
export function FlagOptions(props: { readonly tunnel: Tunnel; readonly flags: readonly FlagName[] }): ReactElement {
  const { tunnel, flags } = props;
  const [chosen, choose] = useState<FlagName | null>(null);
  return (
    <>
      {flags.map((flag) => (
        <FlagOption key={flag} tunnel={tunnel} flag={flag} onChoose={() => choose(flag)} />
      ))}
      {chosen === null ? null : <FlagDialog tunnel={tunnel} flag={chosen} onClose={() => choose(null)} />}
    </>
  );
}

function FlagOption(props: {
  readonly tunnel: Tunnel;
  readonly flag: FlagName;
  readonly onChoose: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { tunnel, flag, onChoose } = props;
  const canChange = useSession(({ link, canOperate }) => link.state === 'connected' && canOperate);
  const isOn = flagOf(tunnel, flag);
  const link = tunnel.interface;
  const question = link === null ? null : { name: link.name, changes: { [flag]: !isOn } };
  const { value: answer } = useWatched('interface.preview', question, previewMs);
  const isLive = useSession((session) => session.link.state === 'connected');
  const known = isLive || answer !== null ? consequence(answer, isOn, t) : t('tunnel.options.away');
  const said = link === null ? t('tunnel.options.notInMachine') : known;
  return (
    <Option
      name={t(`tunnel.options.${flag}`)}
      word={flag}
      isOn={isOn}
      isDisabled={!canChange}
      onChange={onChoose}
      consequence={`${t(`tunnel.options.what.${flag}`)} ${said}`}
    />
  );
}

/** One sentence about a preview. */
function consequence(preview: Preview | null, isOn: boolean, t: TFunction): string {
  const act = t(isOn ? 'tunnel.options.turnOff' : 'tunnel.options.turnOn');
  if (preview === null) return t('tunnel.options.asking');
  if (preview.problem !== null) return t('tunnel.options.wouldRefuse', { act, message: preview.problem.message });
  const parts = (['policies', 'associations'] as const).flatMap((what) =>
    (['appears', 'changes', 'goes'] as const).flatMap((fate) => {
      const count = preview[what].filter((row) => row.fate === fate).length;
      return count === 0 ? [] : [t(`tunnel.options.${what}.${fate}`, { count })];
    }),
  );
  if (parts.length === 0) return t('tunnel.options.nothing', { act });
  const last = parts.length > 1 ? `${t('tunnel.options.and')}${parts.at(-1) ?? ''}` : '';
  const what = parts.length > 1 ? `${parts.slice(0, -1).join(', ')}${last}` : (parts[0] ?? '');
  return t('tunnel.options.does', { act, what });
}
