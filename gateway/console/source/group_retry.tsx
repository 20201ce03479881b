// A group sent anew: how many it would be, then one, ten and the rest, followed while it goes; paused, resumed, cancelled.
import { useEffect, useState } from 'preact/hooks';
import type { Group } from './failures_page';
import { useAnswer } from './hooks';
import { ReasonForm } from './reason_form';
import { Screen } from './screens';
import { ask, mayCall, needsSecond, searching, type Answer, type Session } from './server';
import { moment, t, type TextKey } from './texts';

interface Retry {
  id: string;
  group: string;
  tenant: string;
  state: 'running' | 'paused' | 'cancelled' | 'stopped' | 'done';
  stage: 'first' | 'ten' | 'rest';
  who: string;
  started: string;
  ended?: string;
  total: number;
  opened: number;
  went: number;
  failed: number;
  skipped: number;
}
type Act = 'pause' | 'resume' | 'cancel';

const every = 1500;
const shownMax = 5;
const fitting: Record<Retry['state'], Act[]> = {
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  cancelled: [],
  stopped: [],
  done: [],
};

/** The first press asks how many it would be; the second, with a reason, begins. */
export function RetryGroup({ group, begun }: { group: Group; begun: () => void }) {
  const [open, setOpen] = useState(false);
  const [preview, setPreview] = useState<Answer<Group>>(searching);
  const path = `failures/${encodeURIComponent(group.group)}/retry?tenant=${encodeURIComponent(group.tenant)}`;
  const show = () => {
    setOpen(true);
    setPreview(searching);
    void ask<Group>(path, { method: 'POST', body: { preview: true } }).then(setPreview);
  };
  return (
    <>
      <button type="button" class="main" aria-expanded={open} aria-label={`${t('failures.retry')}: ${group.cause.title}`} onClick={show}>
        {t('failures.retry')}
      </button>
      {open ? (
        <div class="preview">
          <Screen answer={preview} again={show}>
            {(value) => (
              <>
                <p role="status">{t('failures.preview', { count: String(value.count) })}</p>
                <ReasonForm<Retry>
                  confirm={t('failures.confirm', { count: String(value.count) })}
                  why={t('failures.why')}
                  second={needsSecond('group-retry', group.tenant)}
                  act={(why) => ask(path, { method: 'POST', body: { why } })}
                  done={() => (setOpen(false), begun())}
                  abort={() => setOpen(false)}
                />
              </>
            )}
          </Screen>
        </div>
      ) : null}
    </>
  );
}

export function Retries({ tenant, session, begun, group }: { tenant: string; session: Session; begun: number; group?: string }) {
  const [answer, again] = useAnswer<{ items: Retry[] }>(`retries?tenant=${encodeURIComponent(tenant)}`, every);
  useEffect(() => {
    if (begun > 0) again();
  }, [begun]);
  const shown = answer.kind === 'there' ? answer.value.items.filter((one) => !group || one.group === group).slice(0, shownMax) : [];
  if (answer.kind === 'searching' || (answer.kind === 'there' && shown.length === 0)) return null;
  return (
    <section aria-labelledby="retries">
      <h2 id="retries">{t('retries.title')}</h2>
      <Screen answer={answer} again={again}>
        {() => shown.map((retry) => <Progress key={retry.id} retry={retry} session={session} changed={again} />)}
      </Screen>
    </section>
  );
}

function Progress({ retry, session, changed }: { retry: Retry; session: Session; changed: () => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const gone = retry.opened + retry.skipped;
  const acts = mayCall(session, 'POST retries/{id}/{act}', retry.tenant) ? fitting[retry.state] : [];
  const words = t('retries.progress', {
    total: String(retry.total), opened: String(retry.opened), went: String(retry.went), failed: String(retry.failed), skipped: String(retry.skipped),
  });
  return (
    <div class={retry.state === 'stopped' ? 'card bad' : 'card'} data-retry={retry.state}>
      <p class="strong" role="status">
        {t(`retries.${retry.state}` as TextKey)}
        {fitting[retry.state].length > 0 ? ` – ${t(`retries.stage.${retry.stage}` as TextKey)}` : ''}
      </p>
      <progress max={Math.max(retry.total, 1)} value={Math.min(gone, retry.total)} aria-label={t('retries.bar')} />
      <p>{words}</p>
      <p class="small">
        {t('retries.began', { who: retry.who, time: moment(retry.started) })}
        {retry.ended ? ` ${t('retries.ended', { time: moment(retry.ended) })}` : ''}
      </p>
      {acts.length > 0 ? (
        <p class="acts">
          {acts.map((one) => (
            <button key={one} type="button" aria-expanded={act === one} onClick={() => setAct(one)}>
              {t(`retries.act.${one}`)}
            </button>
          ))}
        </p>
      ) : null}
      {act && acts.includes(act) ? (
        <ReasonForm
          key={act}
          confirm={t('act.confirm', { act: t(`retries.act.${act}`) })}
          why={t('act.why.logged')}
          act={(why) => ask(`retries/${encodeURIComponent(retry.id)}/${act}`, { method: 'POST', body: { why } })}
          done={() => (setAct(null), changed())}
          abort={() => setAct(null)}
        />
      ) : null}
    </div>
  );
}
