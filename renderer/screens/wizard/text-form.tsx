/**
 * The tunnel as text, both ways: what the draft says in the words of the commands, and what they say into the draft.
 * Keys that stand in the text go into the page's memory, and are not printed again.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { readDraftText, writeDraftText, type DraftText, type Outer } from '../../draft/draft-text.ts';
import { readDraft } from '../../draft/draft-profile.ts';
import { StepHead } from './step-head.tsx';
import { useWizard, type Wizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** Stand where nobody has written anything yet (RFC 5737). */
const example = { local: '192.0.2.1', peer: '203.0.113.7' };

/** The page. */
export function TextForm(): ReactElement {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const wizard = useWizard();
  const { draft, form, setPasted, setText } = wizard;
  const outer = outerOf(wizard);
  const text = wizard.text ?? textOf(wizard, outer);
  const [faults, setFaults] = useState<DraftText['faults']>([]);
  const take = (): void => {
    const read = readDraftText(text, draft, outer);
    setFaults(read.faults);
    if (read.faults.length > 0) return;
    setText(null);
    form.reset({ ...draft, ...read.changes }, { keepDefaultValues: true });
    if (read.pasted !== null) setPasted(read.pasted);
    navigate('/wizard/check');
  };
  return (
    <>
      <StepHead title={t('wizard.text.title')} lead={t('wizard.text.lead')} />
      <Field
        label={t('wizard.text.label')}
        hint={t('wizard.text.hint')}
        error={faults.map(({ line, message }) => t('wizard.text.line', { line, message })).join(' ')}
        render={(tie) => (
          <textarea
            className={`input input--bits ${styles['lines'] ?? ''} ${styles['area'] ?? ''}`}
            rows={18}
            spellCheck={false}
            wrap="soft"
            {...tie}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      />
      <div className={`${styles['acts'] ?? ''} ${styles['chips'] ?? ''}`}>
        <Button kind="primary" onClick={take}>
          {t('wizard.text.use')}
        </Button>
      </div>
    </>
  );
}

function outerOf({ draft, ownHost, outlook }: Wizard): Outer {
  return {
    local: ownHost || (draft.localHost === 'auto' ? example.local : draft.localHost),
    peer: outlook.value?.peer ?? (draft.peerHost || example.peer),
  };
}

/** The draft's text; with examples where it has no name or other end yet. */
function textOf({ draft }: Wizard, outer: Outer): string {
  const named = { ...draft, name: draft.name || 'x', peerHost: draft.peerHost || outer.peer };
  const { profile } = readDraft(named);
  return profile === null ? '' : writeDraftText(profile, outer);
}
