// What passed between here and the component in the calls of one attempt, asked for when it is opened. It was masked before it was
// kept: what is not shown is nowhere. Who opens it reads it; the timeline around it, which says aloud what is new, does not.
import { useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { Empty, Screen } from './screens';
import { moment, t, type TextKey } from './texts';

interface Body {
  type?: string;
  bytes?: number;
  text?: string;
  cut?: boolean;
}
interface Side {
  headers: string[][];
  body?: Body;
}
interface Exchange {
  at: string;
  method: string;
  url: string;
  milliseconds: number;
  request: Side;
  response?: Side;
  status?: number;
  failureText?: string;
  cutOff?: boolean;
}
interface Call {
  delivery: string;
  work: string;
  call: number;
  at: string;
  leftOut: number;
  exchanges: Exchange[];
}
interface Props {
  message: string;
  delivery: string;
  attempt: string;
}

export function Exchanges(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details class="exchanges" data-exchanges={props.attempt} aria-live="off" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('exchanges.title', { attempt: props.attempt })}</summary>
      {open ? <Calls {...props} /> : null}
    </details>
  );
}

function Calls({ message, delivery, attempt }: Props) {
  const [answer, again] = useAnswer<{ items: Call[] }>(
    `messages/${encodeURIComponent(message)}/attempts/${encodeURIComponent(attempt)}/exchanges`,
  );
  return (
    <Screen answer={answer} again={again}>
      {({ items }) => {
        const own = items.filter((call) => call.delivery === delivery);
        if (own.length === 0) return <Empty words={t('exchanges.none')} />;
        return (
          <>
            <p class="small">{t('exchanges.masked')}</p>
            {own.map((call) => (
              <section key={`${call.work} ${call.call}`}>
                <p class="strong">
                  {t(`exchanges.work.${call.work}` as TextKey)}, {t('exchanges.call', { count: String(call.call) })},{' '}
                  <time dateTime={call.at}>{moment(call.at)}</time>
                </p>
                <ol>
                  {call.exchanges.map((exchange, index) => (
                    <li key={index}>
                      <One exchange={exchange} />
                    </li>
                  ))}
                </ol>
                {call.leftOut > 0 ? <p>{t('exchanges.leftOut', { count: String(call.leftOut) })}</p> : null}
              </section>
            ))}
          </>
        );
      }}
    </Screen>
  );
}

function One({ exchange }: { exchange: Exchange }) {
  const ended = exchange.cutOff ? t('exchanges.cutOff') : (exchange.failureText ?? String(exchange.status ?? ''));
  return (
    <>
      <p>
        <code>
          {exchange.method} {exchange.url}
        </code>
      </p>
      <p>
        {ended}, {t('exchanges.milliseconds', { count: String(exchange.milliseconds) })}
      </p>
      <details>
        <summary>
          {t('exchanges.details')}
          <span class="unseen">{`: ${exchange.method} ${exchange.url}`}</span>
        </summary>
        <SideOf words={t('exchanges.request')} side={exchange.request} />
        {exchange.response ? <SideOf words={t('exchanges.response')} side={exchange.response} /> : null}
      </details>
    </>
  );
}

function SideOf({ words, side }: { words: string; side: Side }) {
  const { body } = side;
  return (
    <>
      <p class="strong">{words}</p>
      <ul>
        {side.headers.map(([name, value], index) => (
          <li key={index}>{name === undefined ? t('exchanges.moreHeaders') : <code>{`${name}: ${value ?? ''}`}</code>}</li>
        ))}
      </ul>
      {body ? (
        <>
          <p>
            {body.type ?? t('exchanges.noType')}
            {body.bytes === undefined ? '' : `, ${t('message.bytes', { count: String(body.bytes) })}`}
          </p>
          {body.text ? <pre>{laidOut(body)}</pre> : null}
          {body.cut ? <p class="small">{t('exchanges.cut')}</p> : null}
        </>
      ) : null}
    </>
  );
}

/** JSON over several lines, where it is whole. */
function laidOut({ text = '', cut }: Body): string {
  if (cut || !/^[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
