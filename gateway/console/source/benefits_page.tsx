// What it is good for, in figures: digital or paper, how long it takes, look-ups spared, failures mended.
import { TimesBySystem, type TimeToDelivery } from './delivery_times';
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
      {mayCall(session, 'GET retries', tenant) ? <Mended of={of} /> : null}
    </>
  );
}

function Mended({ of }: { of: string }) {
  const [retries, again] = useAnswer<{ items: { opened: number; failed: number }[] }>(`retries${of}`);
  return (
    <>
      <h2>{t('benefits.mended')}</h2>
      <Screen answer={retries} again={again}>
        {(value) => {
          const opened = value.items.reduce((before, one) => before + one.opened, 0);
          const failed = value.items.reduce((before, one) => before + one.failed, 0);
          return <p>{t('benefits.mendedCount', { opened: String(opened), failed: String(failed), count: String(value.items.length) })}</p>;
        }}
      </Screen>
    </>
  );
}
