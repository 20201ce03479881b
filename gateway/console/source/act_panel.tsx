// Retry, hold, release, cancel: each asks why and is confirmed by one more press.
import { useState } from 'preact/hooks';
import type { Message } from './messages_page';
import { ReasonForm } from './reason_form';
import { ask, needsSecond } from './server';
import { t } from './texts';

type Act = 'retry' | 'hold' | 'release' | 'cancel';

/** What may fit; the server decides. */
const fitting: Record<string, Act[]> = {
  queued: ['hold', 'cancel'],
  sending: ['hold', 'cancel'],
  pending: ['hold', 'cancel'],
  held: ['release', 'retry', 'cancel'],
  failed: ['retry'],
  expired: ['retry'],
  cancelled: ['retry'],
  sent: ['cancel'],
};

export function ActPanel({ message, done }: { message: Message; done: () => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const [said, setSaid] = useState('');
  const acts = fitting[message.state] ?? [];
  return (
    <section aria-labelledby="acts">
      <h2 id="acts">{t('act.title')}</h2>
      {acts.length === 0 ? <p>{t('act.nothing')}</p> : null}
      <p class="acts">
        {acts.map((one) => (
          <button key={one} type="button" aria-expanded={act === one} onClick={() => (setSaid(''), setAct(one))}>
            {t(`act.${one}`)}
          </button>
        ))}
      </p>
      {act ? (
        <ReasonForm
          key={act}
          confirm={t('act.confirm', { act: t(`act.${act}`) })}
          second={needsSecond(`message-${act}`, message.tenant)}
          act={(why) => ask(`messages/${encodeURIComponent(message.id)}/${act}`, { method: 'POST', body: { why } })}
          done={() => (setSaid(t('act.done', { act: t(`act.${act}`) })), setAct(null), done())}
          abort={() => setAct(null)}
        />
      ) : null}
      <p role="status">{said}</p>
    </section>
  );
}
