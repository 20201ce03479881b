// What fails, by cause: what it is, who must do what, and the button that mends the group.
import { useRef, useState } from 'preact/hooks';
import { useAnswer, useQuestion } from './hooks';
import { flowPath, LiveMark, useMoved } from './live';
import { StateMark } from './messages_page';
import { RetryGroup, Retries } from './group_retry';
import { Pager } from './pager';
import { Empty, Screen } from './screens';
import { ask, mayCall, type Session } from './server';
import { Table } from './table';
import { moment, t, type TextKey } from './texts';

export interface Group {
  group: string;
  tenant: string;
  type: string;
  connection?: string;
  detail?: string;
  count: number;
  oldest: string;
  newest: string;
  retryable: boolean;
  cause: { id: string; title: string; detail: string; action: string; owner: string; press: { do: string; title: string; detail: string; action: string } };
}
interface Failed {
  id: string;
  system: string;
  state: string;
  code: string;
  at: string;
}
type GroupPage = Group & { items: Failed[]; next: string | null };

const every = 5000;
const pageLength = 50;

interface Props {
  tenant: string;
  session: Session;
}

export function FailuresPage({ tenant, session }: Props) {
  const alive = useRef(false);
  const [groups, again] = useAnswer<{ items: Group[]; total: number }>(`failures?tenant=${encodeURIComponent(tenant)}`, every, alive);
  const live = useMoved(flowPath(tenant, mayCall(session, 'GET flow', tenant)), 'flow', () => again(true));
  alive.current = live;
  const [begun, setBegun] = useState(0);
  return (
    <>
      <h1>{t('failures.title')}</h1>
      <p>{t('failures.intro')}</p>
      <Retries tenant={tenant} session={session} begun={begun} />
      <h2>{t('failures.groups')}</h2>
      <LiveMark live={live} is="failures.live" not="flow.notLive" />
      <Screen answer={groups} again={again}>
        {(value) =>
          value.items.length === 0 ? (
            <Empty words={t('state.empty.failures')} />
          ) : (
            <>
              <p role="status">{t('failures.total', { count: String(value.total), groups: String(value.items.length) })}</p>
              {value.items.map((group) => (
                <Card key={group.group} group={group} session={session} begun={() => (setBegun(begun + 1), again())}>
                  <a href={`#/failures/${group.group}`} aria-label={t('failures.showOf', { cause: group.cause.title })}>
                    {t('failures.show')}
                  </a>
                </Card>
              ))}
            </>
          )
        }
      </Screen>
    </>
  );
}

interface CardProps {
  group: Group;
  session: Session;
  begun: () => void;
  children?: preact.ComponentChildren;
}

function Card({ group, session, begun, children }: CardProps) {
  const { cause } = group;
  return (
    <article class="card" aria-labelledby={`g-${group.group}`}>
      <h3 id={`g-${group.group}`}>
        <span class="count">{group.count}</span> {cause.title}
      </h3>
      <p>{cause.detail}</p>
      <dl class="facts">
        <dt>{t('message.owner')}</dt>
        <dd>{t(`message.owner.${cause.owner}` as TextKey)}</dd>
        {cause.action ? (
          <>
            <dt>{t('message.action')}</dt>
            <dd>{cause.action}</dd>
          </>
        ) : null}
        <dt>{t('failures.where')}</dt>
        <dd>
          {group.connection ?? t('flow.unchosen')}, {group.type}
        </dd>
        {group.detail ? (
          <>
            <dt>{t('failures.detail')}</dt>
            <dd>
              <code>{group.detail}</code>
            </dd>
          </>
        ) : null}
        <dt>{t('failures.when')}</dt>
        <dd>{t('failures.between', { oldest: moment(group.oldest), newest: moment(group.newest) })}</dd>
        <dt>{cause.press.title}</dt>
        <dd>
          {cause.press.detail} {cause.press.action}
        </dd>
      </dl>
      <div class="acts">
        {group.retryable && mayCall(session, 'POST failures/{group}/retry', group.tenant) ? <RetryGroup group={group} begun={begun} /> : null}
        {children}
      </div>
    </article>
  );
}

export function GroupPage({ id, tenant, session }: Props & { id: string }) {
  const [cursor, setCursor] = useState('');
  const [round, setRound] = useState(0);
  const [begun, setBegun] = useState(0);
  const query = new URLSearchParams({ tenant, limit: String(pageLength), ...(cursor ? { cursor } : {}) });
  const path = `failures/${encodeURIComponent(id)}/messages?${query.toString()}`;
  const answer = useQuestion<GroupPage>(`${path} ${round}`, (signal) => ask<GroupPage>(path, { signal }));
  return (
    <>
      <h1>{t('failures.group')}</h1>
      <p>
        <a href="#/failures">{t('failures.back')}</a>
      </p>
      <Retries tenant={tenant} session={session} begun={begun} group={id} />
      <Screen answer={answer} again={() => setRound(round + 1)}>
        {(page) => (
          <>
            <h2>{t('message.facts.group')}</h2>
            <Card group={page} session={session} begun={() => setBegun(begun + 1)} />
            <h2>{t('failures.messages')}</h2>
            {page.items.length === 0 ? <Empty words={t('state.empty.messages')} /> : <FailedList items={page.items} />}
            <Pager cursor={cursor} next={page.next} go={setCursor} />
          </>
        )}
      </Screen>
    </>
  );
}

function FailedList({ items }: { items: Failed[] }) {
  return (
    <Table
      caption={t('failures.messages')}
      head={['failures.at', 'message.title', 'messages.system', 'messages.state', 'failures.code']}
      named={1}
      rows={items.map((one) => ({
        key: one.id,
        cells: [
          moment(one.at),
          <a href={`#/messages/${encodeURIComponent(one.id)}`}>{one.id}</a>,
          one.system,
          <StateMark state={one.state} />,
          <code>{one.code}</code>,
        ],
      }))}
    />
  );
}
