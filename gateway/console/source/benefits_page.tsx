// What it is good for, in figures: digital or paper, how long it takes, look-ups spared, failures mended.
import { TimesBySystem, type TimeToDelivery } from './delivery_times';
import type { History } from './flow_history';
import { useAnswer } from './hooks';
import type { Reuse } from './reuse_page';
import { Empty, Screen } from './screens';
import { mayCall, type Session } from './server';
import { Table } from './table';
import { moment, t } from './texts';

interface Ways {
  items: { system: string; digital: number; paper: number; failed: number; held: number; cancelled: number; underWay: number }[];
  timeToDelivery?: TimeToDelivery;
}

const days = 30;

export function BenefitsPage({ tenant, session }: { tenant: string; session: Session }) {
  const of = `?tenant=${encodeURIComponent(tenant)}`;
  const [ways, again] = useAnswer<Ways>(`statistics${of}`);
  const [reuse, reuseAgain] = useAnswer<Reuse>(`statistics/records${of}`);
  return (
    <>
      <h1>{t('benefits.title')}</h1>
      <h2>{t('benefits.ways')}</h2>
      <Screen answer={ways} again={again}>
        {(value) => {
          const sum = (name: 'digital' | 'paper') => value.items.reduce((before, one) => before + one[name], 0);
          const all = sum('digital') + sum('paper');
          if (value.items.length === 0) return <Empty words={t('state.empty.benefits')} />;
          return (
            <>
              <p class="strong">
                {t('benefits.share', { percent: all === 0 ? '–' : String(Math.round((100 * sum('digital')) / all)), digital: String(sum('digital')), paper: String(sum('paper')) })}
              </p>
              <Table
                caption={t('benefits.ways')}
                head={['flow.system', 'benefits.digital', 'benefits.paper', 'flow.failed', 'flow.held', 'benefits.cancelled', 'benefits.underWay']}
                rows={value.items.map((one) => ({
                  key: one.system,
                  cells: [one.system, one.digital, one.paper, one.failed, one.held, one.cancelled, one.underWay].map(String),
                }))}
              />
              {value.timeToDelivery ? (
                <>
                  <h2>{t('times.title')}</h2>
                  <TimesBySystem times={value.timeToDelivery} />
                </>
              ) : null}
            </>
          );
        }}
      </Screen>
      <h2>{t('benefits.spared')}</h2>
      <Screen answer={reuse} again={reuseAgain}>
        {(value) => {
          const spared = value.items.reduce((before, one) => before + one.withoutRegisterCall, 0);
          const answers = value.items.reduce((before, one) => before + one.answers, 0);
          return <p>{t('benefits.lookUps', { spared: String(spared), answers: String(answers), time: moment(value.since) })}</p>;
        }}
      </Screen>
      {mayCall(session, 'GET flow/history', tenant) ? <Mended of={of} /> : null}
    </>
  );
}

/** However it was mended: one by one or in groups, corrected or another way. */
function Mended({ of }: { of: string }) {
  const [history, again] = useAnswer<History>(`flow/history${of}&days=${days}`);
  return (
    <>
      <h2>{t('benefits.mended')}</h2>
      <Screen answer={history} again={again}>
        {({ totals }) => (
          <p>{t('benefits.mendedCount', { days: String(days), retried: String(totals.retried), mended: String(totals.mended), failed: String(totals.failed) })}</p>
        )}
      </Screen>
    </>
  );
}
