/**
 * What the steps share: the form with the draft, pasted keys in memory only, and what the helper says of the draft.
 * @module
 */
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { useForm, useWatch, type FieldErrors, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { ExportFormatName } from '#core/profile/export/export-format.ts';
import type { IpsecError } from '#core/base/error.ts';
import { parseEndpointHost } from '#core/profile/endpoint.ts';
import type { Profile } from '#core/profile/profile.ts';
import { draftFaults, type Fault } from '../../draft/draft-fault.ts';
import { readDraft } from '../../draft/draft-profile.ts';
import { keepDraft, loadDraft } from '../../draft/draft-store.ts';
import { suggestDraft, suggestSpis, type Taken } from '../../draft/draft-suggestion.ts';
import { emptyDraft, type Draft, type DraftField } from '../../draft/draft.ts';
import { noKeys, type PastedPair } from '../../draft/pasted-keys.ts';
import { findSuite, type SuiteChoice } from '../../draft/suite-choice.ts';
import { useSession } from '../../state/session-context.ts';
import { useAnswer, type Answer } from '../../state/use-answer.ts';
import { asSentences } from '../../text/sentence.ts';

/** All of it. */
export type Wizard = {
  readonly form: UseFormReturn<Draft>;
  /** The draft as it is now. */
  readonly draft: Draft;
  /** Its profile; null while something is wrong with it. */
  readonly profile: Profile | null;
  readonly suite: SuiteChoice;
  /** Keys by pair, out and in; they never leave this page's memory but to the helper. */
  readonly pasted: readonly PastedPair[];
  setPasted(pairs: readonly PastedPair[]): void;
  /** Whether a step was to be left without them: from then on an empty one is a fault. */
  readonly isWantingKeys: boolean;
  setWantingKeys(isWanting: boolean): void;
  readonly networks: Answer<'host.networks'>;
  readonly outlook: Answer<'host.outlook'>;
  readonly preview: Answer<'profile.preview'>;
  /** How the other end reaches this one, as far as it is known; empty while it is not. */
  readonly ownHost: string;
  readonly format: ExportFormatName;
  setFormat(format: ExportFormatName): void;
  drawSpis(): void;
  /** Forget the draft and begin with what is free now. */
  startOver(): void;
  /** A text that was changed and not taken over; like keys, it stays in memory, for it may hold some. */
  readonly text: string | null;
  setText(text: string | null): void;
  /** Why the helper did not make it, the last time it was asked. */
  readonly refusal: IpsecError | null;
  setRefusal(refusal: IpsecError | null): void;
};

/** The one wizard of the page. */
export const WizardContext = createContext<Wizard | null>(null);

/** The wizard around this component. */
export function useWizard(): Wizard {
  const wizard = useContext(WizardContext);
  if (wizard === null) throw new Error('there is no wizard above this component');
  return wizard;
}

/** SPIs are drawn from the browser's own strong source. */
const random = { fill: (out: Uint8Array): void => void crypto.getRandomValues(out as Uint8Array<ArrayBuffer>) };

/** Everything, kept while the wizard is open. */
export function useWizardState(): Wizard {
  const form = useDraftForm();
  const draft = { ...emptyDraft, ...useWatch({ control: form.control }) };
  const [pasted, setPasted] = useState<readonly PastedPair[]>([noKeys, noKeys]);
  const [text, setText] = useState<string | null>(null);
  const [isWantingKeys, setWantingKeys] = useState(false);
  const [refusal, setRefusal] = useState<IpsecError | null>(null);
  const [format, setFormat] = useState<ExportFormatName | null>(null);
  const networks = useAnswer('host.networks', {});
  const outlook = useAnswer('host.outlook', isHost(draft.peerHost) ? { peer: draft.peerHost.trim() } : null);
  const { profile } = readDraft(draft);
  const madeId = useSession(({ profiles }) => profiles.find((one) => one.profile.name === draft.made)?.id ?? null);
  const preview = useAnswer('profile.preview', profile === null ? null : { profile, id: madeId });
  const taken = useTaken(networks);
  useBeginning(form, taken);
  return {
    ...{
      form,
      draft,
      profile,
      pasted,
      setPasted,
      networks,
      outlook,
      preview,
      setFormat,
      refusal,
      setRefusal,
      isWantingKeys,
      setWantingKeys,
      text,
      setText,
    },
    suite: findSuite(draft.suite),
    ownHost: draft.ownHost.trim() || (draft.localHost === 'auto' ? (outlook.value?.source ?? '') : draft.localHost),
    format: format ?? (draft.made === '' ? 'setkey' : 'json'),
    startOver: () => {
      form.reset(taken === null ? emptyDraft : suggestDraft(taken, random));
      keepDraft(sessionStorage, form.getValues());
      setPasted([noKeys, noKeys]);
      setRefusal(null);
      setText(null);
    },
    drawSpis: () => form.reset({ ...form.getValues(), ...suggestSpis(taken?.spis ?? [], random) }),
  };
}

/** A form over the draft; whatever is written is kept at once. */
function useDraftForm(): UseFormReturn<Draft> {
  const say = useFaultText();
  const form = useForm<Draft>({
    mode: 'onTouched',
    defaultValues: firstDraft(),
    resolver: (values) => {
      const errors: FieldErrors<Draft> = {};
      for (const [field, fault] of draftFaults(values)) errors[field] = { type: 'fault', message: say(fault) };
      return Object.keys(errors).length === 0 ? { values, errors: {} } : { values: {}, errors };
    },
  });
  useEffect(
    () => form.subscribe({ formState: { values: true }, callback: ({ values }) => keepDraft(sessionStorage, values) }),
    [form],
  );
  return form;
}

/** What was kept; a draft that has become a tunnel is gone through again only where one of its steps is asked for. */
function firstDraft(): Draft {
  const kept = loadDraft(sessionStorage);
  const isAnew = /^#?\/wizard\/?$/.test(window.location.hash);
  return kept === null || (kept.made !== '' && isAnew) ? emptyDraft : kept;
}

/** A fault in words. */
function useFaultText(): (fault: Fault) => string {
  const { t } = useTranslation();
  return (fault) =>
    fault.word === null
      ? asSentences(fault.message, fault.hint)
      : t(`wizard.fault.${fault.word}`, { text: fault.text });
}

/**
 * A draft that nobody has begun takes names, addresses and SPIs that are free, once it is known what is. What was
 * written meanwhile stays, and so does what was said of it; what was said of an empty field is looked at again.
 */
function useBeginning(form: UseFormReturn<Draft>, taken: Taken | null): void {
  useEffect(() => {
    const draft = form.getValues();
    if (taken === null || draft.spiOut !== '') return;
    const suggested = suggestDraft(taken, random);
    for (const field of Object.keys(emptyDraft) as DraftField[]) {
      if (draft[field] !== emptyDraft[field]) continue;
      form.setValue(field, suggested[field], { shouldValidate: form.getFieldState(field).invalid });
    }
  }, [form, taken]);
}

function useTaken(networks: Answer<'host.networks'>): Taken | null {
  const status = useSession((session) => session.status);
  const profiles = useSession((session) => session.profiles);
  return useMemo(() => {
    if (status === null || (networks.value === null && networks.error === null)) return null;
    const saved = profiles.map(({ profile }) => profile);
    return {
      interfaces: [...status.interfaces.map(({ name }) => name), ...saved.map((profile) => profile.interface)],
      spis: [
        ...status.associations.map(({ spi }) => spi),
        ...saved.flatMap(({ keys }) => keys.pairs.flatMap(({ spiIn, spiOut }) => [spiIn, spiOut])),
      ],
      prefixes: [
        ...(networks.value?.addresses ?? []).map(({ address, prefixLength }) => `${address}/${prefixLength}`),
        ...(networks.value?.routes ?? []).map(({ destination }) => destination),
        ...saved.flatMap(({ addresses, routes }) => [...addresses.map(({ address }) => address), ...routes]),
      ],
    };
  }, [status, profiles, networks.value, networks.error]);
}

function isHost(text: string): boolean {
  try {
    return text.trim() !== '' && parseEndpointHost(text.trim(), 'peer').kind !== 'auto';
  } catch {
    return false;
  }
}
