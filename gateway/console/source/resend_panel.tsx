// A failed message sent on by another way that policy allows.
import { useState } from 'preact/hooks';
import type { Message } from './messages_page';
import { ReasonForm } from './reason_form';
import { ProblemWords } from './screens';
import { ask, mayCall, needsSecond, type Problem, type Session } from './server';
import { t } from './texts';

interface Ways {
  version: string;
  obstacle?: { text: string; action: string };
  confirmable?: boolean;
  items: { id: string; connection: string; usable: boolean; why: string }[];
}

/** The words that the server asks for. */
const twice = 'may arrive twice';

interface Props {
  message: Message;
  tenant: string;
  session: Session;
  done: () => void;
}

export function ResendPanel({ message, tenant, session, done }: Props) {
  const [ways, setWays] = useState<Ways | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const path = `messages/${encodeURIComponent(message.id)}`;
  const fits = ['failed', 'expired', 'held'].includes(message.state);
  if (!fits || !mayCall(session, 'POST messages/{id}/resend', tenant)) return null;

  const open = async () => {
    const answer = await ask<Ways>(`${path}/ways`);
    setProblem(answer.kind === 'failed' || answer.kind === 'forbidden' ? answer.problem : null);
    if (answer.kind === 'there') setWays(answer.value);
  };
  const usable = ways && (!ways.obstacle || ways.confirmable) ? ways.items.filter((one) => one.usable) : [];

  return (
    <section aria-labelledby="resend" data-resend>
      <h2 id="resend">{t('resend.start')}</h2>
      <button type="button" aria-expanded={ways !== null} onClick={() => void open()}>
        {t('resend.start')}
      </button>
      {problem ? (
        <div class="screen failed" role="alert">
          <ProblemWords problem={problem} />
        </div>
      ) : null}
      {ways?.obstacle ? (
        <div class="screen failed" role="alert">
          <p class="strong">{ways.obstacle.text}</p>
          <p>{ways.obstacle.action}</p>
        </div>
      ) : null}
      {ways && usable.length === 0 ? (
        <>
          <p>{t('resend.none')}</p>
          <ul>
            {ways.items.map((one) => (
              <li key={one.id}>
                {one.connection}: {one.why}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {ways && usable.length > 0 ? (
        <ReasonForm
          confirm={t('resend.confirm')}
          second={needsSecond('message-resend', tenant)}
          act={(why, form) =>
            ask(`${path}/resend`, {
              method: 'POST',
              body: { why, version: ways.version, way: String(form.get('way')), ...(form.get('twice') ? { confirm: twice } : {}) },
            })
          }
          done={() => (setWays(null), done())}
          abort={() => setWays(null)}
        >
          <label class="why">
            <span>{t('resend.way')}</span>
            <select name="way">
              {usable.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.connection} ({one.id})
                </option>
              ))}
            </select>
          </label>
          {ways.obstacle ? (
            <label>
              <input type="checkbox" name="twice" required /> {t('resend.twice')}
            </label>
          ) : null}
        </ReasonForm>
      ) : null}
    </section>
  );
}
