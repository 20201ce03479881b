// Titles, file names and documents: shown to a role that may, for a purpose and a while.
import { useState } from 'preact/hooks';
import { ReasonForm } from './reason_form';
import { ask, mayCall, needsSecond, type Session } from './server';
import { moment, t } from './texts';

interface Props {
  tenant: string;
  session: Session;
  opened: (tenant: string, until: string) => void;
}

export function isOpen(session: Session, tenant: string): boolean {
  const until = session.contentUntil[tenant];
  return until !== undefined && new Date(until) > new Date();
}

export function ContentPanel({ tenant, session, opened }: Props) {
  const [asking, setAsking] = useState(false);
  if (!mayCall(session, 'POST content/open', tenant)) return null;
  if (isOpen(session, tenant)) {
    return (
      <p class="note" data-content="open">
        {t('content.open', { time: moment(session.contentUntil[tenant]) })}
      </p>
    );
  }
  return (
    <div data-content="closed">
      <p class="acts">
        <button type="button" aria-expanded={asking} onClick={() => setAsking(true)}>
          {t('content.show')}
        </button>
        <span class="small">{t('content.intro')}</span>
      </p>
      {asking ? (
        <ReasonForm<{ tenant: string; until: string }>
          confirm={t('content.show')}
          why={t('content.why')}
          second={needsSecond('content-open', tenant)}
          act={(why) => ask('content/open', { method: 'POST', body: { tenant, why } })}
          done={(value) => opened(value.tenant, value.until)}
          abort={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
