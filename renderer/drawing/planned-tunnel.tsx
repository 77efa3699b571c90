/**
 * A tunnel before it is there: this gateway solid, road and pipe between the ends, everything that is only told dashed.
 * The pipe turns solid when the tunnel is made, and fills when a packet was heard.
 * @module
 */
import { useId, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { fitAddress } from './hero/shape.ts';

/** What is drawn; null stands for what nobody has said yet. */
export type PlannedTunnel = {
  readonly local: string | null;
  readonly peer: string | null;
  readonly interface: string;
  readonly spiOut: string;
  readonly spiIn: string;
  /** Which of the two numbers the person is at. */
  readonly marked: 'out' | 'in' | null;
  /** UDP port on the road, null for plain ESP. */
  readonly udpPort: string | null;
  readonly bore: number;
  readonly outside: number;
  readonly hostX: string;
  readonly hostY: string;
  readonly stage: 'planned' | 'made' | 'works';
};

/** The drawing, 408 by 204. */
export function PlannedTunnelDrawing({ plan }: { readonly plan: PlannedTunnel }): ReactElement {
  const { t } = useTranslation();
  const { local, peer, bore, outside } = plan;
  const unknown = t('wizard.side.unknown');
  const values = { local: local ?? unknown, peer: peer ?? unknown, interface: plan.interface, bore, outside };
  return (
    <svg className="d" viewBox="0 0 408 204" role="img" aria-label={t('wizard.side.picture', values)}>
      <Road local={local} peer={peer} />
      <PipeBody plan={plan} />
      <Gateways plan={plan} />
      <Dimension text={t('wizard.side.bore', { bore, outside })} />
      <text x="204" y="180" className="t-3 mid">
        {plan.udpPort === null ? t('wizard.side.sealed') : t('wizard.side.sealedUdp', { port: plan.udpPort })}
      </text>
    </svg>
  );
}

/** Room for an address over the road, in units of the drawing. */
const roadRoom = 216;

function Road({ local, peer }: { readonly local: string | null; readonly peer: string | null }): ReactElement {
  const earth = useId();
  const isLong = (local?.length ?? 0) + (peer?.length ?? 0) > 32;
  return (
    <>
      <defs>
        <pattern id={earth} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="earth" d="M0 0V8" />
        </pattern>
      </defs>
      <rect x="88" y="32" width="232" height="8" fill={`url(#${earth})`} />
      <path className={local === null || peer === null ? 'told' : 'ln2'} d="M88 32H320" />
      <text x="96" y={isLong ? 12 : 25} className="t-bits">
        {fitAddress(local, roadRoom) ?? '?'}
      </text>
      <text x="312" y="25" className="t-bits end">
        {fitAddress(peer, roadRoom) ?? '?'}
      </text>
    </>
  );
}

function PipeBody({ plan }: { readonly plan: PlannedTunnel }): ReactElement {
  const isThere = plan.stage !== 'planned';
  const works = plan.stage === 'works';
  return (
    <>
      <rect x="88" y="58" width="232" height="52" className="water" opacity={works ? 1 : 0.6} />
      <path className="ln15" strokeDasharray={isThere ? undefined : '6 4'} d="M88 58H320M88 110H320" />
      <path className={works ? 'run run--slow' : 'told'} d="M98 72H306" />
      <path className={works ? 'run run--slow' : 'told'} d="M310 96H102" />
      <path d="M312 72l-7-3.5v7zM96 96l7-3.5v7z" fill={works ? 'var(--flow-line)' : 'var(--line)'} />
      <SpiLabel y={62} text={`${plan.spiOut} out`} isMarked={plan.marked === 'out'} isThere={works} />
      <SpiLabel y={86} text={`${plan.spiIn} in`} isMarked={plan.marked === 'in'} isThere={works} />
    </>
  );
}

function SpiLabel(props: {
  readonly y: number;
  readonly text: string;
  readonly isMarked: boolean;
  readonly isThere: boolean;
}): ReactElement {
  const { y, text, isMarked, isThere } = props;
  const fill = isMarked ? 'var(--paper-pencil)' : isThere ? 'var(--flow-tint)' : 'var(--paper-sunken)';
  return (
    <>
      <rect x="148" y={y} width="112" height="20" fill={fill} />
      <text x="204" y={y + 14} className="t-bits mid" style={isMarked ? { fill: 'var(--pencil)' } : undefined}>
        {text}
      </text>
    </>
  );
}

function Gateways({ plan }: { readonly plan: PlannedTunnel }): ReactElement {
  const { t } = useTranslation();
  const tunnel = `[${plan.interface}]`;
  return (
    <>
      <rect className="ln15 raisedfill" x="1" y="4" width="87" height="120" />
      <rect className="told raisedfill" x="320" y="4" width="87" height="120" />
      <text x="10" y="22" className="t-name">
        {t('wizard.side.gatewayA')}
      </text>
      <text x="82" y="88" className="t-bits end">
        {tunnel}
      </text>
      <text x="330" y="22" className="t-name">
        {t('wizard.side.gatewayB')}
      </text>
      <text x="326" y="88" className="t-bits">
        {tunnel}
      </text>
      <path className="told" d="M44 124V160M364 124V160" />
      <Host x={1} name={t('wizard.side.hostX')} says={plan.hostX} />
      <Host x={303} name={t('wizard.side.hostY')} says={plan.hostY} />
    </>
  );
}

function Host({ x, name, says }: { readonly x: number; readonly name: string; readonly says: string }): ReactElement {
  return (
    <>
      <rect className="told raisedfill" x={x} y="160" width="104" height="40" />
      <text x={x + 9} y="177" className="t-ink t-b">
        {name}
      </text>
      <text x={x + 9} y="192" className="t-3">
        {says.length > 19 ? `${says.slice(0, 18)}…` : says}
      </text>
    </>
  );
}

function Dimension({ text }: { readonly text: string }): ReactElement {
  return (
    <>
      <path className="lead" d="M92 128v14M316 128v14M92 136H132M276 136H316" />
      <path className="inkfill" d="M92 136l8-3v6zM316 136l-8-3v6z" />
      <text x="204" y="140" className="t-dim mid">
        {text}
      </text>
    </>
  );
}
