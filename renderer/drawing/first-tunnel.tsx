/**
 * A culvert that is not built yet: this computer, the other end, and a dashed pipe under the public network between them.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** The drawing; `address` is `eth0 192.0.2.118` where it is known, and `network` what lies behind this computer. */
export function FirstTunnel(props: { readonly address: string | null; readonly network: string | null }): ReactElement {
  const { t } = useTranslation();
  const say = (key: string): string => t(`tunnels.drawing.${key}`);
  return (
    <svg className="d" viewBox="0 0 1048 320" role="img" aria-label={say('label')}>
      <defs>
        <pattern id="earth" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="earth" d="M0 0V8" />
        </pattern>
      </defs>
      <Pipe say={say} />
      <Ends say={say} {...props} />
      <path className="lead" d="M196 114V204H236M852 132V204H812" />
      <circle cx="196" cy="114" r="2.5" className="inkfill" />
      <circle cx="852" cy="132" r="2.5" className="inkfill" />
      <text x="242" y="208">
        {say('seals')}
      </text>
      <text className="end" x="806" y="208">
        {say('opens')}
      </text>
    </svg>
  );
}

type Say = (key: string) => string;

function Pipe({ say }: { readonly say: Say }): ReactElement {
  return (
    <>
      <text className="mid t-ink" x="524" y="18">
        {say('road')}
      </text>
      <path className="lead" d="M524 24v14" />
      <rect x="184" y="40" width="680" height="12" fill="url(#earth)" />
      <path className="ln2" d="M184 40H864" />
      <path className="told" style={{ strokeDasharray: '8 5', strokeWidth: 1.5 }} d="M184 96H864M184 148H864" />
      <path className="told" d="M204 114H836M844 132H212" />
      <path d="M844 114l-7-3.5v7z" fill="var(--line)" />
      <path d="M204 132l7-3.5v7z" fill="var(--line)" />
      <rect x="440" y="106" width="168" height="34" className="sheetfill" />
      <text className="mid t-ink" x="524" y="127">
        {say('pipe')}
      </text>
    </>
  );
}

function Ends(props: {
  readonly say: Say;
  readonly address: string | null;
  readonly network: string | null;
}): ReactElement {
  const { say, address, network } = props;
  return (
    <>
      <rect className="ln15 raisedfill" x="1" y="24" width="183" height="144" />
      <rect className="told raisedfill" x="864" y="24" width="183" height="144" />
      <text className="t-name" x="16" y="48">
        {say('here')}
      </text>
      {address === null ? null : (
        <text className="t-bits" x="16" y="68">
          {address}
        </text>
      )}
      <text className="t-3" x="16" y="128">
        {say('notMade')}
      </text>
      <text className="t-name" x="880" y="48">
        {say('there')}
      </text>
      <text x="880" y="68">
        {say('thereSay')}
      </text>
      <text className="t-3" x="880" y="128">
        {say('thereOwn')}
      </text>
      <path className="ln" d="M92 168V264" />
      <path className="told" d="M956 168V264" />
      <rect className="ln raisedfill" x="1" y="264" width="183" height="48" />
      <rect className="told raisedfill" x="864" y="264" width="183" height="48" />
      <text className="t-name" x="16" y="284">
        {say('near')}
      </text>
      <text className={network === null ? undefined : 't-bits'} x="16" y="302">
        {network ?? say('nearSay')}
      </text>
      <text className="t-name" x="880" y="284">
        {say('far')}
      </text>
      <text x="880" y="302">
        {say('farSay')}
      </text>
    </>
  );
}
