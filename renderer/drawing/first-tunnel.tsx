/**
 * A culvert that is not built yet: this computer, the other end, and a dashed pipe under the public network between them.
 * @module
 */
import { useRef, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useElementWidth } from './element-width.ts';

/** Narrower than this the two sentences under the pipe stand on lines of their own. */
const roomy = 900;
const narrowest = 640;
const widest = 1048;
const box = 184;

type Say = (key: string) => string;
type Part = { readonly say: Say; readonly width: number };

/** The drawing, as wide as its place and never scaled; `address` is `eth0 192.0.2.118` where it is known. */
export function FirstTunnel({ address }: { readonly address: string | null }): ReactElement {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const width = Math.round(Math.min(widest, Math.max(narrowest, useElementWidth(place))));
  const say = (key: string): string => t(`tunnels.drawing.${key}`);
  return (
    <div ref={place}>
      <svg className="d" viewBox={`0 0 ${width} 320`} role="img" aria-label={say('label')}>
        <defs>
          <pattern id="earth" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path className="earth" d="M0 0V8" />
          </pattern>
        </defs>
        <Pipe {...{ say, width }} />
        <Here {...{ say, address }} />
        <There {...{ say, width }} />
        <Sentences {...{ say, width }} />
      </svg>
    </div>
  );
}

function Pipe({ say, width }: Part): ReactElement {
  const middle = width / 2;
  const far = width - box;
  return (
    <>
      <text className="mid t-ink" x={middle} y="18">
        {say('road')}
      </text>
      <path className="lead" d={`M${middle} 24v14`} />
      <rect x={box} y="40" width={far - box} height="12" fill="url(#earth)" />
      <path className="ln2" d={`M${box} 40H${far}`} />
      <path
        className="told"
        style={{ strokeDasharray: '8 5', strokeWidth: 1.5 }}
        d={`M${box} 96H${far}M${box} 148H${far}`}
      />
      <path className="told" d={`M204 114H${far - 28}M${far - 20} 132H212`} />
      <path d={`M${far - 20} 114l-7-3.5v7z`} fill="var(--line)" />
      <path d="M204 132l7-3.5v7z" fill="var(--line)" />
      <rect x={middle - 84} y="106" width="168" height="34" className="sheetfill" />
      <text className="mid t-ink" x={middle} y="127">
        {say('pipe')}
      </text>
    </>
  );
}

function Here({ say, address }: { readonly say: Say; readonly address: string | null }): ReactElement {
  return (
    <>
      <rect className="ln15 raisedfill" x="1" y="24" width="183" height="144" />
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
      <path className="ln" d="M92 168V264" />
      <rect className="ln raisedfill" x="1" y="264" width="183" height="48" />
      <text className="t-name" x="16" y="284">
        {say('near')}
      </text>
      <text x="16" y="302">
        {say('nearSay')}
      </text>
    </>
  );
}

function There({ say, width }: Part): ReactElement {
  const far = width - box;
  const text = far + 16;
  return (
    <>
      <rect className="told raisedfill" x={far} y="24" width="183" height="144" />
      <text className="t-name" x={text} y="48">
        {say('there')}
      </text>
      <text x={text} y="68">
        {say('thereSay')}
      </text>
      <text className="t-3" x={text} y="128">
        {say('thereOwn')}
      </text>
      <path className="told" d={`M${far + 92} 168V264`} />
      <rect className="told raisedfill" x={far} y="264" width="183" height="48" />
      <text className="t-name" x={text} y="284">
        {say('far')}
      </text>
      <text x={text} y="302">
        {say('farSay')}
      </text>
    </>
  );
}

/** What both ends do, with a leader from where they do it. */
function Sentences({ say, width }: Part): ReactElement {
  const far = width - box;
  const second = width < roomy ? 236 : 204;
  return (
    <>
      <path className="lead" d={`M196 114V204H236M${far - 12} 132V${second}H${far - 52}`} />
      <circle cx="196" cy="114" r="2.5" className="inkfill" />
      <circle cx={far - 12} cy="132" r="2.5" className="inkfill" />
      <text x="242" y="208">
        {say('seals')}
      </text>
      <text className="end" x={far - 58} y={second + 4}>
        {say('opens')}
      </text>
    </>
  );
}
