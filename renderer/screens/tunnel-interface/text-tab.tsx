/**
 * A tunnel as text: ifconfig's lines, which are another view of the form, and setkey's statements, which show no keys and
 * take new ones.
 * @module
 */
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../../components/segments.tsx';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { DraftActs } from './draft-acts.tsx';
import { readDraft } from './draft-text.ts';
import { ifconfigText } from './interface-draft.ts';
import { SetkeyText } from './setkey-text.tsx';
import styles from '../tunnel/tunnel.module.css';
import { useDraft } from './use-draft.ts';

const CodeEditor = lazy(async () => ({ default: (await import('../../editor/code-editor.tsx')).CodeEditor }));

/** The tab. */
export function TextTab({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const [language, setLanguage] = useState<'ifconfig' | 'setkey'>('ifconfig');
  return (
    <div className={styles['text']}>
      <Segments
        label={t('tunnel.text.language')}
        value={language}
        options={[
          { value: 'ifconfig', label: t('tunnel.text.ifconfig') },
          { value: 'setkey', label: t('tunnel.text.setkey') },
        ]}
        onChoose={setLanguage}
      />
      {language === 'ifconfig' ? <IfconfigText tunnel={tunnel} /> : <SetkeyText tunnel={tunnel} />}
    </div>
  );
}

function IfconfigText({ tunnel }: { readonly tunnel: Tunnel }): ReactElement | null {
  const { t } = useTranslation();
  const editing = useDraft(tunnel);
  const [typed, setTyped] = useState<string | null>(null);
  const { before, draft, edit } = editing;
  if (before === null || draft === null) return null;
  const read = typed === null ? null : readDraft(typed, before);
  const isWrong = read !== null && read.draft === null;
  // Once what was typed is done or undone, the text is again what is.
  const text = typed ?? ifconfigText(draft);
  const change = (next: string): void => {
    setTyped(next);
    const now = readDraft(next, before);
    if (now.draft !== null) edit(now.draft);
  };
  const settled = {
    ...editing,
    undo: () => {
      setTyped(null);
      editing.undo();
    },
    apply: async (isNow: boolean) => {
      await editing.apply(isNow);
      setTyped(null);
    },
  };
  return (
    <>
      <p className="small">{t('tunnel.text.ifconfigSay', { name: tunnel.interfaceName })}</p>
      <Suspense fallback={<pre className="code code--editor">{text}</pre>}>
        <CodeEditor
          text={text}
          language="ifconfig"
          label={t('tunnel.text.editor', { name: tunnel.name })}
          onChange={change}
        />
      </Suspense>
      {read === null || read.draft !== null ? null : (
        <ul className="is-fault small" role="alert">
          {read.errors.map(({ line, column, message }) => (
            <li key={`${line} ${column}`}>{t('tunnel.text.place', { line, column, message })}</li>
          ))}
        </ul>
      )}
      <DraftActs tunnel={tunnel} editing={settled} isReadable={!isWrong} />
    </>
  );
}
