// Search by a business key, by cursor. What was searched for is in no address.
import { useState } from 'preact/hooks';
import { ContentPanel, isOpen } from './content_panel';
import { useQuestion } from './hooks';
import { Pager } from './pager';
import { ResultList, type Page } from './result_list';
import { Empty, Screen } from './screens';
import { ask, mayCall, partOf, type Session } from './server';
import { stateWord, t, type TextKey } from './texts';

export interface Wish {
  by?: string;
  value?: string;
  why?: string;
  state?: string;
  system?: string;
  type?: string;
  connection?: string;
  from?: string;
  to?: string;
}
export interface Message {
  replaces?: string;
  replacedBy?: string;
  id: string;
  type: string;
  state: string;
  system: string;
  created: string;
  changed: string;
  tenant: string;
  reference?: string;
  title?: string;
  case?: Record<string, unknown>;
  documents?: { name?: string; sha256: string; size: number }[];
  result?: { whyText?: string };
  deliveries: Delivery[];
}
export interface Delivery {
  id: string;
  state: string;
  connection?: string;
  attempts: number;
  changed: string;
  next?: string;
  text?: string;
  action?: string;
  owner?: string;
  code?: string;
  upstreamReference?: string;
}
const states = ['queued', 'sending', 'pending', 'sent', 'delivered', 'read', 'failed', 'expired', 'cancelled', 'held'];
const openKeys = ['none', 'reference', 'case', 'id'];
const bodyKeys = ['journal', 'archive', 'upstream', 'fileName', 'organisation', 'person'];
const pageLength = 50;

function bodyOf(wish: Wish, tenant: string, cursor: string): Record<string, unknown> {
  const body: Record<string, unknown> = { tenant, limit: pageLength };
  if (wish.by && wish.by !== 'none' && wish.value) {
    if (wish.by === 'person' || wish.by === 'organisation') body.recipient = { [wish.by]: wish.value.replace(/\s/g, '') };
    else body[wish.by] = wish.value;
  }
  if (wish.by === 'person') body.why = wish.why;
  for (const name of ['state', 'system', 'type', 'connection'] as const) if (wish[name]) body[name] = wish[name];
  for (const name of ['from', 'to'] as const) if (wish[name]) body[name] = new Date(wish[name]).toISOString();
  if (cursor) body.cursor = cursor;
  return body;
}

function questionOf(body: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) query.set(name, String(value));
  return `messages?${query.toString()}`;
}

interface Props {
  tenant: string;
  session: Session;
  wish: Wish;
  wished: (wish: Wish) => void;
  opened: (tenant: string, until: string) => void;
}

export function MessagesPage({ tenant, session, wish, wished, opened }: Props) {
  const [cursor, setCursor] = useState('');
  const [round, setRound] = useState(0);
  const [by, setBy] = useState(wish.by ?? 'none');
  const byBody = mayCall(session, 'POST messages/search', tenant);
  const keys = byBody ? [...openKeys, ...bodyKeys] : openKeys;

  // Of a part of a municipality it is always one system that is asked about.
  const part = partOf(session, tenant);
  const body = bodyOf(part ? { ...wish, system: wish.system || part[0] } : wish, tenant, cursor);
  // What may be seen is a part of the question: titles come once content is open.
  const question = JSON.stringify([body, round, isOpen(session, tenant)]);
  const search = (signal: AbortSignal, background = false) =>
    byBody ? ask<Page>('messages/search', { method: 'POST', body, signal, background }) : ask<Page>(questionOf(body), { signal, background });
  const answer = useQuestion<Page>(question, search);
  // Each search for a person stands in the audit, so none is made by itself.
  const look = wish.by === 'person' ? undefined : (signal: AbortSignal) => search(signal, true);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const next = Object.fromEntries([...form].map(([name, value]) => [name, String(value).trim()])) as Wish;
    if (next.by === 'id' && next.value) {
      window.location.hash = `#/messages/${encodeURIComponent(next.value)}`;
      return;
    }
    setCursor('');
    setRound(round + 1); // the same search again is a new question
    wished(next);
  };

  return (
    <>
      <h1>{t('messages.title')}</h1>
      <form class="search" role="search" onSubmit={submit}>
        <label>
          <span>{t('messages.by')}</span>
          <select name="by" value={by} onChange={(event) => setBy(event.currentTarget.value)}>
            {keys.map((key) => (
              <option key={key} value={key}>
                {t(`messages.by.${key}` as TextKey)}
              </option>
            ))}
          </select>
        </label>
        {by === 'none' ? null : (
          <label>
            <span>{t('messages.value')}</span>
            <input name="value" defaultValue={wish.value} required maxLength={1024} autocomplete="off" spellcheck={false} />
          </label>
        )}
        {by === 'person' ? (
          <label>
            <span>{t('messages.why')}</span>
            <input name="why" required minLength={3} maxLength={1000} autocomplete="off" />
          </label>
        ) : null}
        <label>
          <span>{t('messages.state')}</span>
          <select name="state" defaultValue={wish.state ?? ''}>
            <option value="">{t('messages.any')}</option>
            {states.map((state) => (
              <option key={state} value={state} selected={state === wish.state}>
                {stateWord(state)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('messages.system')}</span>
          {part ? (
            <select name="system" defaultValue={wish.system || part[0]}>
              {part.map((system) => (
                <option key={system} value={system} selected={system === (wish.system || part[0])}>
                  {system}
                </option>
              ))}
            </select>
          ) : (
            <input name="system" defaultValue={wish.system} maxLength={63} autocomplete="off" />
          )}
        </label>
        <label>
          <span>{t('messages.type')}</span>
          <input name="type" defaultValue={wish.type} maxLength={60} placeholder="letter/v1" autocomplete="off" />
        </label>
        <label>
          <span>{t('messages.connection')}</span>
          <input name="connection" defaultValue={wish.connection} maxLength={63} autocomplete="off" />
        </label>
        <label>
          <span>{t('messages.from')}</span>
          <input name="from" type="datetime-local" defaultValue={wish.from} />
        </label>
        <label>
          <span>{t('messages.to')}</span>
          <input name="to" type="datetime-local" defaultValue={wish.to} />
        </label>
        <button type="submit" class="main">
          {t('messages.submit')}
        </button>
      </form>
      <ContentPanel tenant={tenant} session={session} opened={opened} />
      <h2>{t('messages.results')}</h2>
      <Screen answer={answer} again={() => setRound(round + 1)}>
        {(page) => (
          <>
            {page.items.length === 0 ? <Empty words={t('state.empty.messages')} /> : <p role="status">{t('messages.found', { count: String(page.items.length) })}</p>}
            <ResultList
              page={page}
              tenant={tenant}
              look={look}
              first={cursor === ''}
              hears={mayCall(session, 'GET flow', tenant)}
              show={() => setRound(round + 1)}
            />
          </>
        )}
      </Screen>
      <Pager cursor={cursor} next={answer.kind === 'there' ? answer.value.next : null} go={setCursor} />
    </>
  );
}

export function StateMark({ state }: { state: string }) {
  const bad = ['failed', 'expired', 'held'].includes(state);
  return (
    <span class={bad ? 'state bad' : 'state'}>
      {bad ? <span aria-hidden="true">⚠ </span> : null}
      {stateWord(state)}
    </span>
  );
}
