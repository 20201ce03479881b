// How long messages took from accepted to delivered.
import { Table } from './table';
import { language, t } from './texts';

export interface DeliveryTimes {
  messages: number;
  medianSeconds: number | null;
  p90Seconds: number | null;
  p95Seconds: number | null;
}
/** Of a municipality, and of each of its systems. */
export interface TimeToDelivery extends DeliveryTimes {
  systems: (DeliveryTimes & { system: string })[];
}

const longest = 30 * 86400;
const units = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In the largest unit there is one and a half of. */
function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  const [unit, size] = units.find(([, one]) => seconds >= 1.5 * one) ?? units[3];
  const number = seconds / size;
  const locale = language() === 'en' ? 'en-GB' : `${language()}-NO`;
  const words = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: number < 10 ? 1 : 0 }).format(number);
  return seconds >= longest ? t('times.more', { time: words }) : words;
}

export function TimesToDelivery({ times }: { times: DeliveryTimes }) {
  if (times.messages === 0) return <p>{t('times.none')}</p>;
  return (
    <p>
      {t('times.words', {
        median: duration(times.medianSeconds),
        p90: duration(times.p90Seconds),
        p95: duration(times.p95Seconds),
        count: String(times.messages),
      })}
    </p>
  );
}

export function TimesBySystem({ times }: { times: TimeToDelivery }) {
  return (
    <>
      <TimesToDelivery times={times} />
      {times.systems.length === 0 ? null : (
        <Table
          caption={t('times.title')}
          head={['flow.system', 'times.messages', 'times.median', 'times.p90', 'times.p95']}
          rows={times.systems.map((one) => ({
            key: one.system,
            cells: [one.system, String(one.messages), duration(one.medianSeconds), duration(one.p90Seconds), duration(one.p95Seconds)],
          }))}
        />
      )}
    </>
  );
}
