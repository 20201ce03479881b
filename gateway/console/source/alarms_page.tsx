// What is wrong now and was lately: who must act, what helps, where; and a person's word that somebody is at it.
import { useRef, useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { LiveMark, useMoved } from './live';
import { Badge, badgeMax, ListToggle } from './open_list';
import { Pager } from './pager';
import { pagesFor } from './pages';
import { ReasonForm } from './reason_form';
import { Empty, Screen } from './screens';
import { ask, mayCall, type Session } from './server';
import { moment, t, type TextKey } from './texts';

interface Alarm {
  id: string;
  tenant: string | null;
  subject: string;
  severity: 'notice' | 'warning' | 'critical';
  count: number;
  openedAt: string;
  lastSeenAt: string;
  resolvedAt: string | null;
  acknowledged: { by: string; reason: string; at: string } | null;
  owner: string;
  title: string;
  what: string;
  action: string;
  link: string;
}
interface Props {
  tenant: string;
  session: Session;
}
interface Page {
  items: Alarm[];
  next: string | null;
}

const every = 10000;

/** How many are open, beside the menu's word. */
export function AlarmBadge({ tenant }: { tenant: string }) {
  const [answer] = useAnswer<Page>(`alarms?tenant=${encodeURIComponent(tenant)}&open=true&limit=${badgeMax}`, every);
  return <Badge answer={answer} words={t('alarms.open')} />;
}

export function AlarmsPage({ tenant, session }: Props) {
  const [over, setOver] = useState(false);
  const [cursor, setCursor] = useState('');
  const query = new URLSearchParams({ tenant, open: String(!over), ...(cursor ? { cursor } : {}) });
  const alive = useRef(false);
  const [answer, again] = useAnswer<Page>(`alarms?${query.toString()}`, every, alive);
  const live = useMoved(over ? '' : `alarms?tenant=${encodeURIComponent(tenant)}&open=true`, 'alarm', () => again(true));
  alive.current = live;
  const show = (next: boolean) => (setCursor(''), setOver(next));
  return (
    <>
      <h1>{t('alarms.title')}</h1>
      <ListToggle second={over} show={show} words={[t('alarms.now'), t('alarms.over')]} />
      {over ? null : <LiveMark live={live} is="alarms.live" not="message.notLive" />}
      <Screen answer={answer} again={again}>
        {(page) => (
          <>
            {page.items.length === 0 ? <Empty words={over ? t('state.empty.alarms.over') : t('state.empty.alarms')} /> : null}
            {page.items.map((alarm) => (
              <Card key={alarm.id} alarm={alarm} tenant={tenant} session={session} changed={again} />
            ))}
            <Pager cursor={cursor} next={page.next} go={setCursor} />
          </>
        )}
      </Screen>
    </>
  );
}

function Card({ alarm, tenant, session, changed }: Props & { alarm: Alarm; changed: () => void }) {
  const [asking, setAsking] = useState(false);
  const whole = alarm.tenant !== null || mayCall(session, 'POST alarms/{id}/acknowledge', '*');
  const mayAnswer = !alarm.resolvedAt && !alarm.acknowledged && whole && mayCall(session, 'POST alarms/{id}/acknowledge', tenant);
  // Nobody is led to a page that is closed to them.
  const page = alarm.link.match(/^\/console\/#\/(\w+)/)?.[1];
  const inside = pagesFor(session, tenant).some((one) => one.id === page) ? alarm.link.slice('/console/'.length) : '';
  return (
    <article class={alarm.severity === 'critical' && !alarm.resolvedAt ? 'card bad' : 'card'} aria-labelledby={`a-${alarm.id}`} data-alarm={alarm.severity}>
      <h2 id={`a-${alarm.id}`}>
        {alarm.title} <span class="finding">({t(`alarms.${alarm.severity}`)})</span>
      </h2>
      <p>{alarm.what}</p>
      <dl class="facts">
        <dt>{t('message.owner')}</dt>
        <dd>{t(`message.owner.${alarm.owner}` as TextKey)}</dd>
        <dt>{t('message.action')}</dt>
        <dd>{alarm.action}</dd>
        <dt>{t('failures.when')}</dt>
        <dd>{t('failures.between', { oldest: moment(alarm.openedAt), newest: moment(alarm.resolvedAt ?? alarm.lastSeenAt) })}</dd>
        {alarm.acknowledged ? (
          <>
            <dt>{t('alarms.taken')}</dt>
            <dd>{`${alarm.acknowledged.by}, ${moment(alarm.acknowledged.at)}. ${t('message.why')}: ${alarm.acknowledged.reason}`}</dd>
          </>
        ) : null}
      </dl>
      <div class="acts">
        {mayAnswer ? (
          <button type="button" aria-expanded={asking} aria-label={`${t('alarms.take')}: ${alarm.title}, ${alarm.subject}`} onClick={() => setAsking(true)}>
            {t('alarms.take')}
          </button>
        ) : null}
        {inside ? (
          <a href={inside} aria-label={`${t('alarms.go')}: ${alarm.title}, ${alarm.subject}`}>
            {t('alarms.go')}
          </a>
        ) : null}
      </div>
      {asking ? (
        <ReasonForm<Alarm>
          confirm={t('alarms.take')}
          why={t('act.why.logged')}
          act={(why) => ask(`alarms/${encodeURIComponent(alarm.id)}/acknowledge?tenant=${encodeURIComponent(tenant)}`, { method: 'POST', body: { why } })}
          done={() => (setAsking(false), changed())}
          abort={() => setAsking(false)}
        />
      ) : null}
    </article>
  );
}
