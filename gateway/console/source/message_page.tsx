// One message: how it stands, what is next, what can be done, and each line of its timeline as it comes.
import { useRef, useState } from 'preact/hooks';
import { ActPanel } from './act_panel';
import { ContentPanel, isOpen } from './content_panel';
import { EditPanel } from './edit_panel';
import { EvidencePanel } from './evidence_panel';
import { Exchanges } from './exchanges';
import { useAnswer } from './hooks';
import { LiveMark, useStream } from './live';
import { StateMark, type Delivery, type Message } from './messages_page';
import { ResendPanel } from './resend_panel';
import { Empty, Screen } from './screens';
import { mayCall, type Session } from './server';
import { moment, t, type TextKey } from './texts';

interface Line {
  id: string;
  at: string;
  event: string;
  state: string;
  delivery?: string;
  params?: Record<string, string>;
  connection?: string;
  title: string;
  text: string;
  action: string;
  owner: string;
  next?: string;
  who?: string;
  why?: string;
  upstream?: unknown;
}

const every = 10_000;

/** What was asked for and what was told, each line once, as they came. */
function linesOf(kept: Line[], told: Line[]): Line[] {
  const known = new Set(kept.map((one) => one.id));
  return [...kept, ...told.filter((one) => !known.has(one.id))];
}

interface Props {
  id: string;
  tenant: string;
  session: Session;
  opened: (tenant: string, until: string) => void;
}

export function MessagePage({ id, tenant, session, opened }: Props) {
  const question = `messages/${encodeURIComponent(id)}`;
  const [message, again] = useAnswer<Message>(question);
  const [told, setTold] = useState<Line[]>([]);
  const alive = useRef(false);
  // Asked for as well: where no stream comes through, there still is a list.
  const [kept, keptAgain] = useAnswer<{ items: Line[] }>(`${question}/events`, every, alive);
  const last = useRef<Line[]>([]);
  if (kept.kind === 'there') last.current = kept.value.items;
  const stands = useRef(false);
  const live = useStream(message.kind === 'there' ? `${question}/events` : '', ['line', 'state'], {
    heard: (event, data) => {
      if (event === 'line') {
        const line = JSON.parse(data) as Line;
        setTold((before) => (before.some((one) => one.id === line.id) ? before : [...before, line]));
      } else {
        // The first says what the page has asked itself.
        if (stands.current) again(true);
        stands.current = true;
      }
    },
  });
  alive.current = live;
  const lines = linesOf(last.current, told);
  const unknown = message.kind === 'failed' && message.problem.code === 'message.not_found';
  if (unknown) {
    return (
      <>
        <h1>{t('message.title')}</h1>
        <Empty words={t('state.empty.message')} />
      </>
    );
  }
  return (
    <>
      <h1>{t('message.title')}</h1>
      <Screen answer={message} again={again}>
        {(value) => (
          <>
            <ContentPanel tenant={value.tenant || tenant} session={session} opened={opened} />
            <EvidencePanel message={value.id} tenant={value.tenant || tenant} session={session} />
            <Facts message={value} mayRead={isOpen(session, value.tenant || tenant)} />
            {mayCall(session, 'POST messages/{id}/{act}', value.tenant || tenant) ? (
              <ActPanel message={value} done={again} />
            ) : (
              <p>{t('act.forbidden')}</p>
            )}
            <EditPanel message={value} tenant={value.tenant || tenant} session={session} done={again} />
            <ResendPanel message={value} tenant={value.tenant || tenant} session={session} done={again} />
            <h2>{t('message.timeline')}</h2>
            <LiveMark live={live} is="message.live" not="message.notLive" />
            {lines.length > 0 ? (
              <ol class="timeline" aria-live="polite">
                {lines.map((line) => (
                  <TimelineLine key={line.id} line={line} message={mayCall(session, exchangesCall, value.tenant || tenant) ? value.id : ''} />
                ))}
              </ol>
            ) : (
              <Screen answer={kept} again={keptAgain}>
                {() => <Empty words={t('state.empty.timeline')} />}
              </Screen>
            )}
          </>
        )}
      </Screen>
    </>
  );
}

function Facts({ message, mayRead }: { message: Message; mayRead: boolean }) {
  const newest = message.deliveries.at(-1);
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{t('message.facts')}</h2>
      <dl class="facts">
        <dt>{t('messages.state')}</dt>
        <dd data-state={message.state}>
          <StateMark state={message.state} />
        </dd>
        <dt>{t('messages.heading')}</dt>
        <dd>{message.title ?? <em>{t('messages.hidden')}</em>}</dd>
        <dt>{t('messages.reference')}</dt>
        <dd>{message.reference ?? ''}</dd>
        <dt>{t('message.id')}</dt>
        <dd>{message.id}</dd>
        <Other words={t('message.replacedBy')} id={message.replacedBy} />
        <Other words={t('message.replaces')} id={message.replaces} />
        <dt>{t('messages.system')}</dt>
        <dd>
          {message.system}, {message.type}
        </dd>
        <dt>{t('messages.connection')}</dt>
        <dd>{newest?.connection ?? t('flow.unchosen')}</dd>
        {message.result?.whyText ? (
          <>
            <dt>{t('message.way')}</dt>
            <dd>{message.result.whyText}</dd>
          </>
        ) : null}
        <dt>{t('message.holder')}</dt>
        <dd>{t(holderOf(message.state, newest))}</dd>
        <dt>{t('message.attempts')}</dt>
        <dd>{String(newest?.attempts ?? 0)}</dd>
        {newest?.upstreamReference ? (
          <>
            <dt>{t('message.upstreamReference')}</dt>
            <dd>{newest.upstreamReference}</dd>
          </>
        ) : null}
        <dt>{t('messages.created')}</dt>
        <dd>{moment(message.created)}</dd>
        <dt>{t('message.next')}</dt>
        <dd>{nextOf(message.state, newest)}</dd>
        <dt>{t('message.documents')}</dt>
        <dd>
          <ul>
            {(message.documents ?? []).map((document) => (
              <li key={document.sha256}>
                {mayRead && document.name !== undefined ? (
                  <a href={`/admin/v1/messages/${encodeURIComponent(message.id)}/documents/${document.sha256}`} download>
                    {document.name || t('message.unnamed')}
                  </a>
                ) : (
                  (document.name ?? t('messages.hidden'))
                )}{' '}
                ({t('message.bytes', { count: String(document.size) })})
              </li>
            ))}
          </ul>
        </dd>
      </dl>
      {newest?.text ? <Explanation delivery={newest} /> : null}
    </section>
  );
}

const steps = ['queued', 'sending', 'pending', 'sent', 'delivered'];

/** What Sluse does next by itself, and when. */
function nextOf(state: string, newest?: Delivery): string {
  if (!newest?.next) return t(state === 'failed' || state === 'expired' || state === 'held' ? 'message.step.person' : 'message.none');
  const step = state === 'queued' && newest.attempts > 0 ? 'again' : steps.includes(state) ? state : 'other';
  return t(`message.step.${step}` as TextKey, { time: moment(newest.next) });
}

/** With whom the next step lies. */
function holderOf(state: string, newest?: Delivery): TextKey {
  if (state === 'sent') return 'message.holder.national';
  if (state === 'delivered' || state === 'read') return 'message.holder.recipient';
  if (state === 'held') return 'message.holder.person';
  if (state === 'cancelled') return 'message.holder.nobody';
  if (state === 'failed' || state === 'expired') return `message.owner.${newest?.owner ?? 'us'}` as TextKey;
  return 'message.holder.us';
}

/** The message that was corrected, or the one that corrects it. */
function Other({ words, id }: { words: string; id?: string }) {
  if (!id) return null;
  return (
    <>
      <dt>{words}</dt>
      <dd>
        <a href={`#/messages/${encodeURIComponent(id)}`}>{id}</a>
      </dd>
    </>
  );
}

function Explanation({ delivery }: { delivery: Delivery }) {
  return (
    <div class="explanation">
      <p class="strong">{delivery.text}</p>
      <p>
        {t('message.owner')}: {t(`message.owner.${delivery.owner}` as TextKey)}
      </p>
      {delivery.action ? (
        <p>
          {t('message.action')}: {delivery.action}
        </p>
      ) : null}
      <p class="small">{delivery.code}</p>
    </div>
  );
}

const exchangesCall = 'GET messages/{id}/attempts/{attempt}/exchanges';

/** `message` is empty for who may not see what passed. */
function TimelineLine({ line, message }: { line: Line; message: string }) {
  const attempt = line.event === 'attempt_started' ? line.params?.attempt : undefined;
  return (
    <li>
      <p>
        <time dateTime={line.at}>{moment(line.at)}</time> <StateMark state={line.state} /> <span class="strong">{line.title}</span>
        {line.connection ? ` (${line.connection})` : ''}
      </p>
      {line.text ? <p>{line.text}</p> : null}
      {line.who ? (
        <p>
          {t('message.who')}: {line.who}
          {line.why ? `. ${t('message.why')}: ${line.why}` : ''}
        </p>
      ) : null}
      {line.next ? (
        <p>
          {t('message.next')}: {moment(line.next)}
        </p>
      ) : null}
      {line.upstream === undefined ? null : (
        <p>
          {t('message.upstream')}: <code>{typeof line.upstream === 'string' ? line.upstream : JSON.stringify(line.upstream)}</code>
        </p>
      )}
      {message && attempt && line.delivery ? <Exchanges message={message} delivery={line.delivery} attempt={attempt} /> : null}
    </li>
  );
}
