// What came in and nobody could handle: why, and what a person can do with each, one at a time.
import { useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { Pager } from './pager';
import { ReasonForm } from './reason_form';
import { Empty, Screen } from './screens';
import { ask, mayCall, needsSecond, type Session } from './server';
import { moment, t, type TextKey } from './texts';

interface Item {
  id: string;
  connection: string;
  type: string;
  at: string;
  mediaType: string;
  bytes: number;
  reason: { code: string; text: string; owner: string; action: string };
  receivers: string[];
}
interface Props {
  tenant: string;
  session: Session;
}
type Act = 'release' | 'settle';

const every = 10000;
const noMessage = 'oddity';

export function QuarantinePage({ tenant, session }: Props) {
  const [cursor, setCursor] = useState('');
  const [said, setSaid] = useState('');
  const query = new URLSearchParams({ tenant, ...(cursor ? { cursor } : {}) });
  const [answer, again] = useAnswer<{ items: Item[]; next: string | null }>(`quarantine?${query.toString()}`, every);
  return (
    <>
      <h1>{t('quarantine.title')}</h1>
      <p>{t('quarantine.intro')}</p>
      <p role="status">{said}</p>
      <Screen answer={answer} again={again}>
        {(page) => (
          <>
            {page.items.length === 0 ? <Empty words={t('state.empty.quarantine')} /> : null}
            {page.items.map((item) => (
              <Card key={item.id} item={item} tenant={tenant} session={session} done={(words) => (setSaid(words), again())} />
            ))}
            <Pager cursor={cursor} next={page.next} go={setCursor} />
          </>
        )}
      </Screen>
    </>
  );
}

function Card({ item, tenant, session, done }: Props & { item: Item; done: (words: string) => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const isMessage = item.type !== noMessage;
  const mayRelease = item.receivers.length > 0 && mayCall(session, 'POST quarantine/{id}/release', tenant);
  const maySettle = mayCall(session, 'POST quarantine/{id}/settle', tenant);
  const path = (what: Act) => `quarantine/${encodeURIComponent(item.id)}/${what}?tenant=${encodeURIComponent(tenant)}`;
  const named = (words: string) => `${words}: ${item.connection}, ${moment(item.at)}`;
  return (
    <article class="card" aria-labelledby={`q-${item.id}`} data-quarantined={item.type}>
      <h2 id={`q-${item.id}`}>{item.reason.text}</h2>
      <dl class="facts">
        <dt>{t('quarantine.came')}</dt>
        <dd>
          {moment(item.at)}, {item.connection}
        </dd>
        <dt>{t('quarantine.what')}</dt>
        <dd>
          {isMessage ? item.type : t('quarantine.noMessage')}, {item.mediaType} ({t('message.bytes', { count: String(item.bytes) })})
        </dd>
        <dt>{t('message.owner')}</dt>
        <dd>{t(`message.owner.${item.reason.owner}` as TextKey)}</dd>
        {item.reason.action ? (
          <>
            <dt>{t('message.action')}</dt>
            <dd>{item.reason.action}</dd>
          </>
        ) : null}
        <dt>{t('message.id')}</dt>
        <dd>
          <code>{item.id}</code>
        </dd>
      </dl>
      {isMessage && item.receivers.length === 0 ? <p>{t('quarantine.noReceiver')}</p> : null}
      <div class="acts">
        {mayRelease ? (
          <button type="button" class="main" aria-expanded={act === 'release'} aria-label={named(t('quarantine.release'))} onClick={() => setAct('release')}>
            {t('quarantine.release')}
          </button>
        ) : null}
        {maySettle ? (
          <button type="button" aria-expanded={act === 'settle'} aria-label={named(t('quarantine.settle'))} onClick={() => setAct('settle')}>
            {t('quarantine.settle')}
          </button>
        ) : null}
      </div>
      {act === 'release' ? (
        <ReasonForm<{ systems: string[] }>
          key="release"
          confirm={t('act.confirm', { act: t('quarantine.release') })}
          second={needsSecond('quarantine-release', tenant)}
          why={t('act.why.logged')}
          act={(why, form) => ask(path('release'), { method: 'POST', body: { why, systems: [String(form.get('system') ?? item.receivers[0])] } })}
          done={(given) => done(t('quarantine.released', { system: given.systems.join(', ') }))}
          abort={() => setAct(null)}
        >
          {item.receivers.length === 1 ? (
            <p>
              {t('flow.system')}: {item.receivers[0]}
            </p>
          ) : (
            <label>
              <span>{t('flow.system')}</span>
              <select name="system">
                {item.receivers.map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </select>
            </label>
          )}
        </ReasonForm>
      ) : null}
      {act === 'settle' ? (
        <ReasonForm
          key="settle"
          confirm={t('act.confirm', { act: t('quarantine.settle') })}
          second={needsSecond('quarantine-settle', tenant)}
          why={t('act.why.logged')}
          act={(why) => ask(path('settle'), { method: 'POST', body: { why } })}
          done={() => done(t('quarantine.settled'))}
          abort={() => setAct(null)}
        />
      ) : null}
    </article>
  );
}
