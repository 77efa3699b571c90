/**
 * setkey's side of a tunnel: the statements of what is there, without keys, and an editor for statements to run.
 * @module
 */
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RelayResult } from '#core/api/relay.ts';
import { IpsecError } from '#core/base/error.ts';
import { diagnose } from '#core/setkey/editor/diagnostic.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { TextBlock } from '../../components/text-block.tsx';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { associationText, profileText } from './association-text.ts';
import { associationsOf } from '../tunnel/tunnel-facts.ts';
import styles from '../tunnel/tunnel.module.css';

const CodeEditor = lazy(async () => ({ default: (await import('../../editor/code-editor.tsx')).CodeEditor }));

type Outcome = { readonly isRun: boolean; readonly result: RelayResult<'setkey.run'> | IpsecError };

/** The text. */
export function SetkeyText({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const own = associationsOf(tunnel, status);
  const there =
    own.length > 0 || tunnel.profile === null || tunnel.interface !== null
      ? associationText(own)
      : (profileText(tunnel.profile) ?? '');
  return (
    <>
      <p className="small">{t('tunnel.text.setkeyHere')}</p>
      {there === '' ? (
        <p>{t(tunnel.interface === null ? 'tunnel.keys.noneOff' : 'tunnel.keys.none')}</p>
      ) : (
        <TextBlock text={there} language="setkey" label={t('tunnel.text.setkeyHere')} />
      )}
      <h2>{t('tunnel.text.setkeyRun')}</h2>
      <p className="small">{t('tunnel.text.setkeyRunSay')}</p>
      <Statements />
    </>
  );
}

function Statements(): ReactElement {
  const { t } = useTranslation();
  const store = useSessionStore();
  const canChange = useSession(({ link, canOperate }) => link.state === 'connected' && canOperate);
  const [text, setText] = useState('');
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const isWrong = diagnose(text).some(({ severity }) => severity === 'error');
  const isReady = canChange && text.trim() !== '' && !isWrong;
  const send = async (isRun: boolean): Promise<void> => {
    try {
      const result = await store.bridge.call('setkey.run', { text, semantics: isRun ? 'file' : 'check' });
      setOutcome({ isRun, result });
      if (isRun && result.errors.length === 0) setText(''); // keys do not stay on the screen
    } catch (refusal) {
      if (!(refusal instanceof IpsecError)) throw refusal;
      setOutcome({ isRun, result: refusal });
    }
    await store.refresh().catch(() => {}); // the link says what is wrong
  };
  return (
    <>
      <Suspense fallback={<pre className="code code--editor">{text}</pre>}>
        <CodeEditor
          text={text}
          language="setkey"
          label={t('tunnel.text.setkeyRun')}
          onChange={(next) => {
            setText(next);
            if (next !== '') setOutcome(null);
          }}
        />
      </Suspense>
      {outcome === null ? null : <OutcomeNote outcome={outcome} />}
      <div className={styles['buttons']}>
        <Button disabled={!isReady} onClick={() => void send(false)}>
          {t('tunnel.text.check')}
        </Button>
        <Button kind="primary" disabled={!isReady} onClick={() => void send(true)}>
          {t('tunnel.text.run')}
        </Button>
      </div>
    </>
  );
}

function OutcomeNote({ outcome: { isRun, result } }: { readonly outcome: Outcome }): ReactElement {
  const { t } = useTranslation();
  if (result instanceof IpsecError)
    return (
      <Banner severity="fault" title={result.message}>
        {result.hint}
      </Banner>
    );
  const [first, ...more] = result.errors;
  if (first !== undefined)
    return (
      <Banner severity="fault" title={t('tunnel.text.place', first)}>
        {[first.hint, ...more.map((failure) => t('tunnel.text.place', failure))].join(' ')}
      </Banner>
    );
  return (
    <Banner
      severity={result.warnings.length === 0 ? 'note' : 'attention'}
      title={t(isRun ? 'tunnel.text.done' : 'tunnel.text.checked', { count: result.applied })}
    >
      {result.warnings.join(' ')}
    </Banner>
  );
}
