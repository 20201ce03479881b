// When our certificates end: a calendar of the year to come, and each with its facts.
import { useAnswer } from './hooks';
import { Empty, Screen } from './screens';
import { Table } from './table';
import { language, moment, t } from './texts';

interface Certificate {
  use: 'listener' | 'connection';
  name: string;
  readable: boolean;
  subject?: string;
  issuer?: string;
  sha256?: string;
  notAfter?: string;
  daysLeft?: number;
}
const soon = 60;
const months = 12;

export function CertificatesPage({ tenant }: { tenant: string }) {
  const [answer, again] = useAnswer<{ items: Certificate[] }>(`certificates?tenant=${encodeURIComponent(tenant)}`);
  return (
    <>
      <h1>{t('certificates.title')}</h1>
      <p>{t('certificates.intro')}</p>
      <Screen answer={answer} again={again}>
        {(value) =>
          value.items.length === 0 ? (
            <Empty words={t('state.empty.certificates')} />
          ) : (
            <>
              <h2>{t('certificates.calendar')}</h2>
              <Calendar items={value.items} />
              <h2>{t('certificates.all')}</h2>
              <Table
                caption={t('certificates.all')}
                head={['certificates.use', 'certificates.subject', 'certificates.issuer', 'certificates.ends', 'certificates.left']}
                rows={value.items.map((one) => ({
                  key: `${one.use} ${one.name}`,
                  cells: [
                    `${t(`certificates.${one.use}`)} ${one.name}`,
                    one.subject ?? '',
                    one.issuer ?? '',
                    moment(one.notAfter),
                    <Left one={one} />,
                  ],
                }))}
              />
            </>
          )
        }
      </Screen>
    </>
  );
}

function Left({ one }: { one: Certificate }) {
  if (!one.readable || one.daysLeft === undefined) return <span class="state bad">⚠ {t('certificates.unreadable')}</span>;
  if (one.daysLeft < 0) return <span class="state bad">⚠ {t('certificates.over')}</span>;
  return <span class={one.daysLeft <= soon ? 'state bad' : ''}>{t('certificates.days', { count: String(one.daysLeft) })}</span>;
}

function Calendar({ items }: { items: Certificate[] }) {
  const now = new Date();
  const cells = Array.from({ length: months }, (_, index) => new Date(now.getFullYear(), now.getMonth() + index, 1));
  const locale = language() === 'en' ? 'en-GB' : `${language()}-NO`;
  return (
    <ol class="calendar">
      {cells.map((month) => {
        const ending = items.filter((one) => {
          const at = one.notAfter ? new Date(one.notAfter) : null;
          return at !== null && at.getFullYear() === month.getFullYear() && at.getMonth() === month.getMonth();
        });
        return (
          <li key={month.toISOString()} class={ending.length > 0 ? 'bad' : ''}>
            <span class="strong">{month.toLocaleDateString(locale, { month: 'long', year: 'numeric' })}</span>
            {ending.length === 0 ? <span class="small">{t('certificates.none')}</span> : null}
            {ending.map((one) => (
              <span key={`${one.use} ${one.name}`}>{`${moment(one.notAfter).split(',')[0]}: ${one.name}`}</span>
            ))}
          </li>
        );
      })}
    </ol>
  );
}
