// How much has passed: a day by hour, thirty days by hour, as a chart and as a table of the same figures; days in the table of
// the thirty.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Chart, type ChartSeries } from './chart';
import { useAnswer } from './hooks';
import { Empty, Screen } from './screens';
import { partOf, type Session } from './server';
import { Table } from './table';
import { language, moment, t, type TextKey } from './texts';
import { TimesToDelivery, type DeliveryTimes } from './delivery_times';

const figures = ['accepted', 'handedOver', 'delivered', 'failed', 'received', 'retried', 'mended'] as const;
const drawn = ['accepted', 'handedOver', 'delivered', 'failed'] as const;
type Figure = (typeof figures)[number];
interface Way {
  system: string;
  type: string;
  connection: string | null;
}
export interface History {
  from: string;
  step: 'hour' | 'day';
  countedSince: string | null;
  figures: Record<Figure, number[]>;
  totals: Record<Figure, number> & { timeToDelivery: DeliveryTimes };
  ways: Way[];
  waysLeftOut: number;
}

const spans = { day: 24, month: 720 } as const;
const every = { day: 60_000, month: 300_000 };
type Span = keyof typeof spans;
const wishes = ['system', 'type', 'connection'] as const;
type Wishes = Partial<Record<(typeof wishes)[number], string>>;

const locale = () => (language() === 'en' ? 'en-GB' : `${language()}-NO`);
const hourWords = (seconds: number) => new Date(seconds * 1000).toLocaleString(locale(), { dateStyle: 'short', timeStyle: 'short' });
const dayWords = (seconds: number) => new Date(seconds * 1000).toLocaleDateString(locale(), { weekday: 'short', day: 'numeric', month: 'numeric', year: 'numeric' });

/** Rows of the table, the newest first: hours as they are, or their sums by day. */
function rowsOf(history: History, times: number[], by: (seconds: number) => string) {
  const sums = new Map<string, number[]>();
  times.forEach((time, index) => {
    const key = by(time);
    const sum = sums.get(key) ?? figures.map(() => 0);
    figures.forEach((figure, column) => (sum[column] = (sum[column] ?? 0) + (history.figures[figure][index] ?? 0)));
    sums.set(key, sum);
  });
  return [...sums].reverse().map(([key, sum]) => ({ key, bad: (sum[3] ?? 0) > 0, cells: [key, ...sum.map(String)] }));
}

function Figures({ history, span }: { history: History; span: Span }) {
  const spoken = language();
  const times = useMemo(() => {
    const from = Date.parse(history.from) / 1000;
    return history.figures.accepted.map((_, index) => from + index * 3600);
  }, [history]);
  const series = useMemo(
    () => drawn.map((look): ChartSeries => ({ look, name: t(`history.${look}`), values: history.figures[look] })),
    [history, spoken],
  );
  const name = t(span === 'day' ? 'history.chart.day' : 'history.chart.month');
  const values = Object.fromEntries(figures.map((figure) => [figure, String(history.totals[figure])]));
  const busiest = history.figures.accepted.reduce((best, count, index, all) => (count > (all[best] ?? 0) ? index : best), 0);
  const rows = useMemo(() => rowsOf(history, times, span === 'day' ? hourWords : dayWords), [history, times, span, spoken]);
  const summary = [
    t(span === 'day' ? 'history.summary.day' : 'history.summary.month', values),
    t('history.busiest', { time: hourWords(times[busiest] ?? 0), count: String(history.figures.accepted[busiest] ?? 0) }),
  ].join(' ');
  return (
    <>
      <Chart name={name} summary={summary} times={times} series={series} moment={hourWords} />
      <TimesToDelivery times={history.totals.timeToDelivery} />
      <Table
        caption={t(span === 'day' ? 'history.table.day' : 'history.table.month')}
        head={['history.time', ...figures.map((figure): TextKey => `history.${figure}`)]}
        rows={rows}
      />
    </>
  );
}

export function FlowHistory({ tenant, session }: { tenant: string; session: Session }) {
  const [span, setSpan] = useState<Span>('day');
  // Of a part of a municipality it is always one system that is asked about.
  const part = partOf(session, tenant);
  const [wish, setWish] = useState<Wishes>(part ? { system: part[0] } : {});
  const [known, setKnown] = useState<Way[]>([]);
  const asked = new URLSearchParams({ tenant, hours: String(spans[span]), ...wish });
  const [answer, again] = useAnswer<History>(`flow/history?${asked}`, every[span]);
  const all = wishes.every((of) => !wish[of] || (part !== null && of === 'system'));
  useEffect(() => {
    // What can be chosen is what there is when nothing is.
    if (all && answer.kind === 'there') setKnown(answer.value.ways);
  }, [answer, all]);
  const choose = (of: (typeof wishes)[number], value: string) => {
    const next = { ...wish };
    delete next[of];
    setWish(value ? { ...next, [of]: value } : next);
  };
  return (
    <section aria-labelledby="history">
      <h2 id="history">{t('history.title')}</h2>
      <div class="search">
        <label>
          <span>{t('history.span')}</span>
          <select name="span" value={span} onChange={(event) => setSpan(event.currentTarget.value as Span)}>
            <option value="day">{t('history.span.day')}</option>
            <option value="month">{t('history.span.month')}</option>
          </select>
        </label>
        {wishes.map((of) => (
          <label key={of}>
            <span>{t(`flow.${of}`)}</span>
            <select name={of} value={wish[of] ?? ''} onChange={(event) => choose(of, event.currentTarget.value)}>
              {of === 'system' && part ? null : <option value="">{t('history.all')}</option>}
              {[...new Set([...(of === 'system' && part ? part : known.map((way) => way[of] ?? '')), wish[of] ?? ''])].filter(Boolean).map((value) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <Screen answer={answer} again={again}>
        {(value) => (
          <>
            {value.countedSince && Date.parse(value.countedSince) > Date.parse(value.from) ? (
              <p class="note">{t('history.since', { time: moment(value.countedSince) })}</p>
            ) : null}
            {figures.every((figure) => value.totals[figure] === 0) ? <Empty words={t('state.empty.history')} /> : <Figures history={value} span={span} />}
          </>
        )}
      </Screen>
    </section>
  );
}
