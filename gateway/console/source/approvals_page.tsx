// What waits for a second person: who asked, why, until when; approved or declined by somebody else, taken back by who asked.
import { useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { useMoved } from './live';
import { Badge, badgeMax, ListToggle } from './open_list';
import { Pager } from './pager';
import { ReasonForm } from './reason_form';
import { Empty, ProblemWords, Screen } from './screens';
import { ask, type Problem } from './server';
import { approvalAct, moment, t, type TextKey } from './texts';

interface Approval {
  id: string;
  tenant: string;
  act: string;
  target?: string;
  who: string;
  why?: string;
  asked: string;
  expires: string;
  state: 'asked' | 'approved' | 'done' | 'refused' | 'declined' | 'expired' | 'withdrawn';
  mine: boolean;
  mayApprove: boolean;
  gives: boolean;
  decidedBy?: string;
  decided?: string;
  answer?: string;
  reason?: { text: string; action: string };
}
interface Page {
  items: Approval[];
  next: string | null;
}
type Act = 'approve' | 'decline' | 'take-back';

/** Asks again when something came or was decided: told by the server, not looked for. */
function useApprovals(tenant: string, query: string): [ReturnType<typeof useAnswer<Page>>[0], () => void] {
  const [answer, again] = useAnswer<Page>(`approvals?tenant=${encodeURIComponent(tenant)}&${query}`);
  useMoved(`approvals?tenant=${encodeURIComponent(tenant)}`, 'approval', () => again(true));
  return [answer, again];
}

/** How many wait, beside the menu's word. */
export function ApprovalBadge({ tenant }: { tenant: string }) {
  const [answer] = useApprovals(tenant, `open=true&limit=${badgeMax}`);
  return <Badge answer={answer} words={t('approval.open')} />;
}

export function ApprovalsPage({ tenant }: { tenant: string }) {
  const [all, setAll] = useState(false);
  const [cursor, setCursor] = useState('');
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const told = (words: string, wrong: Problem | null) => (setSaid(words), setProblem(wrong));
  const query = new URLSearchParams({ open: String(!all), ...(cursor ? { cursor } : {}) });
  const [answer, again] = useApprovals(tenant, query.toString());
  const show = (next: boolean) => (setCursor(''), setAll(next));
  return (
    <>
      <h1>{t('approval.title')}</h1>
      <p>{t('approval.intro')}</p>
      <ListToggle second={all} show={show} words={[t('approval.waiting'), t('approval.all')]} />
      <p role="status">{said}</p>
      {problem ? (
        <div class="screen failed" role="alert">
          <ProblemWords problem={problem} />
        </div>
      ) : null}
      <Screen answer={answer} again={again}>
        {(page) => (
          <>
            {page.items.length === 0 ? <Empty words={all ? t('state.empty.approvals.all') : t('state.empty.approvals')} /> : null}
            {page.items.map((one) => (
              <Card key={one.id} one={one} changed={again} told={told} />
            ))}
            <Pager cursor={cursor} next={page.next} go={setCursor} />
          </>
        )}
      </Screen>
    </>
  );
}

interface CardProps {
  one: Approval;
  changed: () => void;
  /** Said above the list: what was decided may have left it. */
  told: (words: string, problem: Problem | null) => void;
}

function Card({ one, changed, told }: CardProps) {
  const [act, setAct] = useState<Act | null>(null);
  const waits = one.state === 'asked';
  const ready = one.state === 'approved' && one.gives && one.mine;
  const acts: Act[] = [...(one.mayApprove ? (['approve', 'decline'] as const) : []), ...(one.mine && (waits || ready) ? (['take-back'] as const) : [])];
  const of = one.act.startsWith('message-') || one.act === 'evidence' ? 'message' : 'other';
  return (
    <article class="card" aria-labelledby={`w-${one.id}`} data-approval={one.state}>
      <h2 id={`w-${one.id}`}>
        {approvalAct(one.act)} <span class="finding">({t(`approval.state.${one.state}` as TextKey)})</span>
      </h2>
      <dl class="facts">
        <dt>{t('approval.who')}</dt>
        <dd>{`${one.who}, ${moment(one.asked)}`}</dd>
        {one.why ? (
          <>
            <dt>{t('message.why')}</dt>
            <dd>{one.why}</dd>
          </>
        ) : null}
        {one.target ? (
          <>
            <dt>{t('audit.of')}</dt>
            <dd>{of === 'message' ? <a href={`#/messages/${encodeURIComponent(one.target)}`}>{one.target}</a> : one.target}</dd>
          </>
        ) : null}
        {waits ? (
          <>
            <dt>{t('approval.expires')}</dt>
            <dd>{moment(one.expires)}</dd>
          </>
        ) : null}
        {one.decidedBy ? (
          <>
            <dt>{t('approval.decided')}</dt>
            <dd>{`${one.decidedBy}, ${moment(one.decided)}${one.answer ? `. ${t('message.why')}: ${one.answer}` : ''}`}</dd>
          </>
        ) : null}
      </dl>
      {one.reason ? <p>{one.reason.text}</p> : null}
      {ready ? <p class="strong">{t('approval.ready', { time: moment(one.expires) })}</p> : null}
      {waits && one.mine ? <p>{t('approval.yours')}</p> : null}
      {acts.length > 0 ? (
        <p class="acts">
          {acts.map((what) => (
            <button key={what} type="button" aria-expanded={act === what} aria-label={`${t(`approval.${what}`)}: ${approvalAct(one.act)}, ${one.who}`} onClick={() => setAct(what)}>
              {t(`approval.${what}`)}
            </button>
          ))}
        </p>
      ) : null}
      {act && acts.includes(act) ? (
        <ReasonForm
          key={act}
          confirm={t('act.confirm', { act: t(`approval.${act}`) })}
          why={t('approval.why')}
          act={async (why) => {
            const answer = await ask(`approvals/${encodeURIComponent(one.id)}/${act}`, { method: 'POST', body: { why } });
            const wrong = answer.kind === 'failed' || answer.kind === 'forbidden' ? answer.problem : null;
            told(wrong ? '' : t('act.done', { act: `${t(`approval.${act}`)}: ${approvalAct(one.act)}` }), wrong);
            return answer;
          }}
          done={() => (setAct(null), changed())}
          abort={() => setAct(null)}
        />
      ) : null}
    </article>
  );
}
