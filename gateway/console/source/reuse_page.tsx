// Data stored once: what it has spared, whether the access log still is what was written, and what is held of one person.
import { useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { LogEntries } from './log_entries';
import { ReasonForm } from './reason_form';
import { Empty, Screen } from './screens';
import { ask, mayCall, type Answer, type Session } from './server';
import { Table } from './table';
import { moment, t } from './texts';

export interface Reuse {
  since: string;
  items: { tenant: string; system: string; answers: number; withoutRegisterCall: number; fetched: number; stale: number; failed: number; events: number }[];
}
interface Verified {
  sound: boolean;
  tenants: { tenant: string; sound: boolean; entries: number; proved: number; checkpoints: number; faults: { title: string; detail: string; action: string }[] }[];
}

export function ReusePage({ tenant, session }: { tenant: string; session: Session }) {
  const [answer, again] = useAnswer<Reuse>(`statistics/records?tenant=${encodeURIComponent(tenant)}`);
  return (
    <>
      <h1>{t('reuse.title')}</h1>
      <Screen answer={answer} again={again}>
        {(value) => (
          <>
            <p class="small">{t('reuse.since', { time: moment(value.since) })}</p>
            {value.items.length === 0 ? (
              <Empty words={t('state.empty.reuse')} />
            ) : (
              <Table
                caption={t('reuse.title')}
                head={['flow.system', 'reuse.answers', 'reuse.spared', 'reuse.fetched', 'reuse.stale', 'reuse.failed', 'reuse.events']}
                rows={value.items.map((one) => ({
                  key: one.system,
                  cells: [one.system, one.answers, one.withoutRegisterCall, one.fetched, one.stale, one.failed, one.events].map(String),
                }))}
              />
            )}
          </>
        )}
      </Screen>
      {mayCall(session, 'POST log/verify', tenant) ? <Log tenant={tenant} /> : null}
      {mayCall(session, 'POST log/entries', tenant) ? <LogEntries tenant={tenant} /> : null}
      {mayCall(session, 'POST persons/report', tenant) ? <Report tenant={tenant} /> : null}
    </>
  );
}

function Log({ tenant }: { tenant: string }) {
  const [answer, setAnswer] = useState<Answer<Verified> | null>(null);
  const verify = async () => {
    setAnswer({ kind: 'searching' });
    setAnswer(await ask<Verified>('log/verify', { method: 'POST', body: { tenant } }));
  };
  return (
    <section aria-labelledby="log">
      <h2 id="log">{t('log.title')}</h2>
      <p>{t('log.intro')}</p>
      <p class="acts">
        <button type="button" onClick={() => void verify()}>
          {t('log.verify')}
        </button>
      </p>
      {answer ? (
        <Screen answer={answer} again={() => void verify()}>
          {(value) => (
            <>
              {value.tenants.map((one) => (
                <div key={one.tenant} class={one.sound ? 'card' : 'card bad'} role="status">
                  <p class="strong">{one.sound ? t('log.sound') : t('log.unsound')}</p>
                  <p>{t('log.counts', { entries: String(one.entries), proved: String(one.proved), checkpoints: String(one.checkpoints) })}</p>
                  {one.faults.map((fault, index) => (
                    <p key={index}>{`${fault.title}: ${fault.detail} ${fault.action}`}</p>
                  ))}
                </div>
              ))}
            </>
          )}
        </Screen>
      ) : null}
    </section>
  );
}

/** For the data protection officer alone; the number is in no address and not kept by the page. */
function Report({ tenant }: { tenant: string }) {
  const [report, setReport] = useState<unknown>(null);
  return (
    <div>
      <h2 id="report">{t('report.title')}</h2>
      <p>{t('report.intro')}</p>
      <ReasonForm<unknown>
        confirm={t('report.make')}
        why={t('report.why')}
        act={(why, form) => ask('persons/report', { method: 'POST', body: { tenant, person: String(form.get('person') ?? '').trim(), why } })}
        done={setReport}
        abort={() => setReport(null)}
        still
      >
        <label>
          <span>{t('report.person')}</span>
          <input name="person" required inputMode="numeric" maxLength={11} autocomplete="off" />
        </label>
      </ReasonForm>
      {report ? (
        <div class="wide source" role="region" aria-label={t('report.title')} tabIndex={0}>
          {JSON.stringify(report, null, 2)}
        </div>
      ) : null}
    </div>
  );
}
