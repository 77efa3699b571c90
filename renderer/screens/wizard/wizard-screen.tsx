/**
 * The wizard: stations at the left, the step in the middle, what will be built at the right. The state lives here, above
 * the steps, so that going back and forth loses nothing.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { Redirect, useRoute } from 'wouter';
import { stepNames, type StepName } from '../../draft/draft.ts';
import { CheckStep } from './check-step.tsx';
import { ConnectFoot, ConnectStep } from './connect-step.tsx';
import { EndsStep } from './ends-step.tsx';
import { KeysStep } from './keys-step.tsx';
import { NetworksStep } from './networks-step.tsx';
import { PurposeStep } from './purpose-step.tsx';
import { SidePanel } from './side-panel.tsx';
import { StepRail } from './step-rail.tsx';
import { TextForm } from './text-form.tsx';
import { WholeForm } from './whole-form.tsx';
import { Refusal, WizardFoot } from './wizard-foot.tsx';
import { useWizardState, WizardContext } from './wizard-state.ts';
import styles from './wizard.module.css';

const steps: Readonly<Record<StepName, () => ReactElement>> = {
  purpose: PurposeStep,
  ends: EndsStep,
  keys: KeysStep,
  networks: NetworksStep,
  check: CheckStep,
};

/** The screen, with a frame of its own: while a tunnel is made, nothing else is. */
export function WizardScreen(): ReactElement {
  const wizard = useWizardState();
  const [works, setWorks] = useState(false);
  const [, params] = useRoute('/wizard/:part?');
  const part = params?.part ?? 'purpose';
  const step = stepNames.find((name) => name === part) ?? null;
  const isConnect = part === 'connect';
  if (isConnect && wizard.draft.made === '') return <Redirect to="/wizard" replace />;
  const isMade = isConnect;
  return (
    <WizardContext value={wizard}>
      <div className={`app ${styles['app'] ?? ''}`}>
        <StepRail step={step} isMade={isMade} />
        <main className="sheet">
          <div className={styles['columns']}>
            <form id="wizard" className={styles['form']} onSubmit={(event) => event.preventDefault()} noValidate>
              <Refusal />
              <Part key={part} part={part} step={step} works={works} onWorks={setWorks} />
            </form>
            <SidePanel step={step} stage={isMade ? (works ? 'works' : 'made') : 'planned'} />
          </div>
          {isConnect ? <ConnectFoot works={works} /> : <WizardFoot step={step} canMake={part !== 'text'} />}
        </main>
      </div>
    </WizardContext>
  );
}

function Part(props: {
  readonly part: string;
  readonly step: StepName | null;
  readonly works: boolean;
  readonly onWorks: (works: boolean) => void;
}): ReactElement {
  const { part, step, works, onWorks } = props;
  if (step !== null) {
    const Step = steps[step];
    return <Step />;
  }
  if (part === 'connect') return <ConnectStep works={works} onWorks={onWorks} />;
  if (part === 'text') return <TextForm />;
  if (part === 'all') return <WholeForm />;
  return <Redirect to="/wizard" replace />;
}
