/**
 * A field of the draft: what is wrong stands under it, and so does what the helper says it collides with.
 * @module
 */
import type { ComponentProps, ReactElement, ReactNode } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Field, TextField, type FieldProps } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { draftFieldOf } from '../../draft/draft-profile.ts';
import type { Draft, DraftField } from '../../draft/draft.ts';
import { asSentences } from '../../text/sentence.ts';
import { useWizard, type Wizard } from './wizard-state.ts';
import styles from './wizard.module.css';

type TextName = { [Name in DraftField]: Draft[Name] extends string ? Name : never }[DraftField];

type DraftTextProps = Omit<FieldProps, 'error'> &
  ComponentProps<'input'> & { readonly name: TextName; readonly isBits?: boolean; readonly action?: ReactNode };

/** One line of text. */
export function DraftText(props: DraftTextProps): ReactElement {
  const wizard = useWizard();
  const { name, hint, ...rest } = props;
  return (
    <TextField
      {...rest}
      {...registered(wizard, name)}
      hint={<Hint name={name} hint={hint} />}
      error={errorOf(wizard, name)}
    />
  );
}

/** Several lines of text. */
export function DraftLines(
  props: Omit<FieldProps, 'error'> & { readonly name: TextName; readonly rows: number },
): ReactElement {
  const wizard = useWizard();
  const { name, hint, rows, ...rest } = props;
  return (
    <Field
      {...rest}
      hint={<Hint name={name} hint={hint} />}
      error={errorOf(wizard, name)}
      render={(tie) => (
        <textarea
          className={`input input--bits ${styles['lines'] ?? ''}`}
          rows={rows}
          spellCheck={false}
          {...tie}
          {...registered(wizard, name)}
        />
      )}
    />
  );
}

/** As the form wants it; what was told to be wrong is looked at again with each letter, also before the field is left. */
function registered({ form }: Wizard, name: TextName): UseFormRegisterReturn<TextName> {
  const isWrong = form.formState.errors[name] !== undefined;
  const lookAgain = (): void => {
    if (isWrong) void form.trigger(name);
  };
  return form.register(name, { onChange: lookAgain });
}

/** What is wrong with a field: the form's own word, else a conflict that the machine would refuse. */
export function errorOf({ form, preview, draft }: Wizard, name: DraftField): string | undefined {
  const own = form.formState.errors[name]?.message;
  if (own !== undefined) return own;
  const found = preview.value?.conflicts.find(
    ({ field, severity }) => severity === 'error' && draftFieldOf(field, draft) === name,
  );
  return found === undefined ? undefined : asSentences(found.message);
}

function Hint({ name, hint }: { readonly name: DraftField; readonly hint: ReactNode }): ReactElement {
  const { t } = useTranslation();
  const { preview, draft } = useWizard();
  // What is said of the suite stands beside it in the list of suites.
  const warnings = (preview.value?.conflicts ?? []).filter(
    ({ field, severity }) => severity === 'warning' && field !== 'keys' && draftFieldOf(field, draft) === name,
  );
  if (warnings.length === 0) return <>{hint}</>;
  return (
    <>
      {warnings.map(({ message }) => (
        <span key={message} className={styles['warning']} role="status">
          <Icon name="warn" label={t('wizard.check.conflict')} />
          {asSentences(message)}
        </span>
      ))}
    </>
  );
}
