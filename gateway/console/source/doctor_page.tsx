// The connection doctor: each step red or green, now, with whose it is and what helps.
import { useState } from 'preact/hooks';
import type { Connection } from './flow_page';
import { useAnswer } from './hooks';
import { Empty, Screen } from './screens';
import { ask, mayCall, searching, type Answer, type Session } from './server';
import { Table } from './table';
import { t, type TextKey } from './texts';

type Finding = 'green' | 'yellow' | 'red' | 'skipped';
interface Step {
  step: string;
  place: string;
  state: Finding;
  milliseconds: number;
  title?: string;
  text?: string;
  owner?: string;
  action?: string;
}
interface Examination {
  connection?: string;
  state: Finding;
  milliseconds: number;
  steps: Step[];
}
interface Examinations {
  examinations: Examination[];
}
type Found = Record<string, Answer<Examination>>;

const house = '';
const marks: Record<Finding, string> = { green: '✓', yellow: '!', red: '✗', skipped: '–' };

/** The one examination of an answer; what went wrong with all went wrong with it. */
function only(answer: Answer<Examinations>, connection: string): Answer<Examination> {
  if (answer.kind !== 'there') return answer;
  const value = answer.value.examinations.find((one) => (one.connection ?? house) === connection);
  return value ? { kind: 'there', value } : { kind: 'failed', problem: { status: 200 } };
}

export function DoctorPage({ tenant, session }: { tenant: string; session: Session }) {
  const [connections, again] = useAnswer<{ items: Connection[] }>('connections');
  const [found, setFound] = useState<Found>({});
  const known = connections.kind === 'there' ? connections.value.items.filter((one) => one.tenants.includes(tenant)) : [];
  const whole = mayCall(session, 'POST examine', '*');
  const set = (id: string, answer: Answer<Examination>) => setFound((before) => ({ ...before, [id]: answer }));

  const examine = async (id: string) => {
    set(id, searching);
    set(id, only(await ask<Examinations>(`connections/${encodeURIComponent(id)}/examine`, { method: 'POST', body: { tenant } }), id));
  };
  const examineAll = async () => {
    if (!whole) {
      await Promise.all(known.map((one) => examine(one.id)));
      return;
    }
    const ids = [house, ...known.map((one) => one.id)];
    ids.forEach((id) => set(id, searching));
    const answer = await ask<Examinations>('examine', { method: 'POST', body: {} });
    ids.forEach((id) => set(id, only(answer, id)));
  };
  const busy = Object.values(found).some((one) => one.kind === 'searching');

  return (
    <>
      <h1>{t('doctor.title')}</h1>
      <p>{t('doctor.intro')}</p>
      <Screen answer={connections} again={again}>
        {() =>
          known.length === 0 && !whole ? (
            <Empty words={t('doctor.none')} />
          ) : (
            <>
              <p class="acts">
                <button type="button" class="main" disabled={busy} onClick={() => void examineAll()}>
                  {t('doctor.all')}
                </button>
              </p>
              <p role="status">{busy ? t('doctor.busy') : ''}</p>
              {whole ? <Case name={t('doctor.house')} answer={found[house]} /> : null}
              {known.map((one) => (
                <Case key={one.id} name={`${one.id} (${one.adapter}, ${one.environment})`} answer={found[one.id]}>
                  <button type="button" aria-label={t('doctor.oneOf', { connection: one.id })} onClick={() => void examine(one.id)}>
                    {t('doctor.one')}
                  </button>
                </Case>
              ))}
            </>
          )
        }
      </Screen>
    </>
  );
}

function Case({ name, answer, children }: { name: string; answer?: Answer<Examination>; children?: preact.ComponentChildren }) {
  return (
    <section class="card">
      <div class="head">
        <h2>
          {name} {answer?.kind === 'there' ? <Mark finding={answer.value.state} /> : null}
        </h2>
        {children}
      </div>
      {answer ? <Screen answer={answer}>{(value) => <Steps examination={value} name={name} />}</Screen> : <p class="small">{t('doctor.notYet')}</p>}
    </section>
  );
}

function Mark({ finding }: { finding: Finding }) {
  return (
    <span class={`finding ${finding}`}>
      <span aria-hidden="true">{marks[finding]} </span>
      {t(`doctor.${finding}`)}
    </span>
  );
}

function Steps({ examination, name }: { examination: Examination; name: string }) {
  return (
    <Table
      caption={name}
      head={['doctor.step', 'doctor.place', 'doctor.finding', 'doctor.time', 'doctor.what']}
      rows={examination.steps.map((step, index) => ({
        key: String(index),
        data: { 'data-step': step.step, 'data-finding': step.state },
        cells: [
          t(`doctor.step.${step.step}` as TextKey),
          step.place,
          <Mark finding={step.state} />,
          t('doctor.took', { count: String(step.milliseconds) }),
          <>
            {step.title ? <p class="strong">{step.title}</p> : null}
            {step.text ? <p>{step.text}</p> : null}
            {step.action ? <p>{`${t('message.action')}: ${step.action}`}</p> : null}
            {step.owner && step.state !== 'skipped' ? <p>{`${t('message.owner')}: ${t(`doctor.owner.${step.owner}` as TextKey)}`}</p> : null}
          </>,
        ],
      }))}
    />
  );
}
