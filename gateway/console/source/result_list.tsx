// What a search found, kept up with: states of what is shown follow by themselves; what is new is counted and offered, never
// pushed in between lines that somebody reads.
import { useEffect, useRef, useState } from 'preact/hooks';
import { flowPath, LiveMark, useMoved } from './live';
import { StateMark, type Message } from './messages_page';
import type { Answer } from './server';
import { Table } from './table';
import { moment, t } from './texts';

export interface Page {
  items: Message[];
  next: string | null;
}

const every = 20_000; // while nothing tells

interface Look {
  byId: Map<string, Message>;
  fresh: number;
  all: boolean; // what is new fills the page: there may be more
  left: Set<string>;
  failed: boolean;
}
const nothing: Look = { byId: new Map(), fresh: 0, all: false, left: new Set(), failed: false };

/** What the same question finds now, beside what is shown. */
function compare(page: Page, items: Message[], first: boolean): Look {
  const shown = new Set(page.items.map((one) => one.id));
  const byId = new Map(items.map((one) => [one.id, one]));
  const oldest = page.next === null ? '' : (page.items.at(-1)?.created ?? '');
  // What comes up from the next page because others left is not new.
  const fresh = first ? items.filter((one) => !shown.has(one.id) && one.created >= oldest).length : 0;
  // The last ones may only have been pushed to the next page.
  const still = page.next === null ? page.items : page.items.slice(0, Math.max(0, page.items.length - fresh));
  const left = new Set(still.filter((one) => !byId.has(one.id)).map((one) => one.id));
  const all = page.items.length > 0 && fresh > 0 && fresh === items.length;
  return { byId, fresh, all, left: all ? new Set() : left, failed: false };
}

interface Props {
  page: Page;
  tenant: string;
  /** The same question once more, as the page itself asks it; none: this list is not to be asked again by itself. */
  look?: (signal: AbortSignal) => Promise<Answer<Page>>;
  /** Of a page behind the first nothing is new. */
  first: boolean;
  /** Whether this person may hear of the flow; who may not has the list looked at now and then. */
  hears: boolean;
  show: () => void;
}

export function ResultList({ page, tenant, look, first, hears, show }: Props) {
  const [found, setFound] = useState<Look>(nothing);
  const asking = useRef(look);
  asking.current = look;
  const lookAgain = useRef<() => void>(() => {});
  const keepsUp = Boolean(look);
  const live = useMoved(flowPath(tenant, keepsUp && hears), 'flow', () => lookAgain.current());
  const alive = useRef(live);
  alive.current = live;
  useEffect(() => {
    setFound(nothing);
    if (!keepsUp) return;
    const stop = new AbortController();
    lookAgain.current = async () => {
      if (document.hidden) return;
      const answer = await asking.current?.(stop.signal).catch(() => null);
      if (!answer || stop.signal.aborted) return;
      if (answer.kind === 'there') setFound(compare(page, answer.value.items, first));
      else setFound((before) => ({ ...before, failed: true }));
    };
    const slow = window.setInterval(() => alive.current || lookAgain.current(), every);
    return () => {
      stop.abort();
      window.clearInterval(slow);
      lookAgain.current = () => {};
    };
  }, [page, keepsUp]);
  const items = page.items.map((one) => found.byId.get(one.id) ?? one);
  return (
    <>
      {keepsUp ? <LiveMark live={live} is="messages.live" not="messages.notLive" /> : <p class="small">{t('messages.still')}</p>}
      {found.failed ? (
        <p class="note" role="status">
          {t('messages.stale')}
        </p>
      ) : null}
      <p role="status" class="news">
        {found.fresh > 0 || found.left.size > 0 ? (
          <button type="button" class="main" data-new={found.fresh} onClick={show}>
            {found.fresh > 0 ? t('messages.new', { count: `${found.fresh}${found.all ? '+' : ''}` }) : t('messages.again')}
          </button>
        ) : null}
      </p>
      {items.length > 0 ? <Results items={items} left={found.left} /> : null}
    </>
  );
}

function Results({ items, left }: { items: Message[]; left: Set<string> }) {
  return (
    <Table
      caption={t('messages.results')}
      head={['messages.created', 'messages.reference', 'messages.heading', 'messages.system', 'messages.type', 'messages.connection', 'messages.state']}
      named={1}
      rows={items.map((one) => ({
        key: one.id,
        cells: [
          moment(one.created),
          <a href={`#/messages/${encodeURIComponent(one.id)}`}>{one.reference || one.id}</a>,
          one.title ?? <em>{t('messages.hidden')}</em>,
          one.system,
          one.type,
          one.deliveries.at(-1)?.connection ?? t('flow.unchosen'),
          left.has(one.id) ? <em>{t('messages.left')}</em> : <StateMark state={one.state} />,
        ],
      }))}
    />
  );
}
