/**
 * Defaults of every interface, by the names that `culvert sysctl` has for them.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { sysctlNodes, type SysctlNode } from '#core/api/sysctl-names.ts';
import { Button } from '../../components/button.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { Option } from '../../components/option.tsx';
import { makeChange } from '../../state/change.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import styles from './settings.module.css';
import { SettingsPart } from './settings-part.tsx';

/** What is neither on nor off. */
const numbers = [
  'net.inet6.ip6.ipsecifhlim',
  'net.ipsecif.pmtu_expires',
  'net.ipsecif.pmtu_least',
  'net.ipsecif.reqid_base',
];
const choices = ['net.inet.ipsec.dfbit'];

/** The part; nothing while the helper has told nothing. */
export function Defaults(): ReactElement | null {
  const { t } = useTranslation();
  const store = useSessionStore();
  const status = useSession((session) => session.status);
  const canChange = useSession(({ canOperate, link }) => canOperate && link.state === 'connected');
  const isReader = useSession(({ canOperate, link }) => !canOperate && link.state === 'connected');
  if (status === null) return null;
  const nodes = sysctlNodes(status).filter(({ name }) => !name.startsWith('net.interfaces.'));
  const set = (node: SysctlNode, value: number): void => {
    void makeChange(store, node.name, (bridge) => {
      const { method, params } = node.change(value);
      return method === 'settings.set' ? bridge.call(method, params) : bridge.call(method, params);
    });
  };
  const isMeasure = ({ name }: SysctlNode): boolean => numbers.includes(name) || choices.includes(name);
  const say = `${t('settings.defaultsSay')}${isReader ? ` ${t('settings.defaultsReader')}` : ''}`;
  return (
    <SettingsPart title={t('settings.defaults')} say={say}>
      <div className={styles.fields}>
        {nodes.filter(isMeasure).map((node) => (
          <Measure
            key={`${node.name} ${node.value}`}
            node={node}
            isDisabled={!canChange}
            onSet={(value) => set(node, value)}
          />
        ))}
      </div>
      {nodes
        .filter((node) => !isMeasure(node))
        .map((node) => (
          <Option
            key={node.name}
            name={t(`settings.node.${leafOf(node)}.name`, { defaultValue: node.name })}
            word={node.name}
            consequence={t(`settings.node.${leafOf(node)}.say`, { defaultValue: '' })}
            isOn={node.value === 1}
            isDisabled={!canChange}
            onChange={(isOn) => set(node, isOn ? 1 : 0)}
          />
        ))}
    </SettingsPart>
  );
}

/** `audit` of `net.ipsecif.audit`: what the texts go by. */
function leafOf({ name }: SysctlNode): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

const dfBits = ['0', '1', '2'] as const;

/** A number or a choice; a number is set by the button or by Enter. */
function Measure(props: {
  readonly node: SysctlNode;
  readonly isDisabled: boolean;
  readonly onSet: (value: number) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { node, isDisabled, onSet } = props;
  const [text, setText] = useState(String(node.value));
  const label = t(`settings.node.${leafOf(node)}.name`, { defaultValue: node.name });
  const hint = t(`settings.node.${leafOf(node)}.say`, { defaultValue: '' });
  if (choices.includes(node.name))
    return (
      <SelectField
        {...{ label, hint }}
        value={String(node.value) as (typeof dfBits)[number]}
        options={dfBits.map((value) => ({ value, label: t(`settings.dfbit.${value}`) }))}
        disabled={isDisabled}
        onChoose={(value) => onSet(Number(value))}
      />
    );
  const isNumber = /^\d{1,9}$/.test(text);
  const isChanged = text !== String(node.value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isNumber && isChanged) onSet(Number(text));
      }}
    >
      <TextField
        {...{ label, hint }}
        inputMode="numeric"
        error={isNumber ? undefined : t('settings.notNumber')}
        value={text}
        disabled={isDisabled}
        onChange={({ target }) => setText(target.value)}
        action={
          isChanged ? (
            <Button type="submit" disabled={!isNumber}>
              {t('settings.apply')}
            </Button>
          ) : undefined
        }
      />
    </form>
  );
}
