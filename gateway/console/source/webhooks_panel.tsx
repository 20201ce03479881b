// Where systems are told of events, and what was turned off because it did not answer: turned on again.
import { useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { ReasonForm } from './reason_form';
import { Empty, Screen } from './screens';
import { ask, mayCall, needsSecond, type Session } from './server';
import { Table } from './table';
import { t } from './texts';

interface Webhook {
  id: string;
  system: string;
  url: string;
  enabled: boolean;
  disabled?: { text: string };
  waiting: number;
  givenUp: number;
}

const every = 10000;

export function WebhooksPanel({ tenant, session }: { tenant: string; session: Session }) {
  const of = `?tenant=${encodeURIComponent(tenant)}`;
  const [answer, again] = useAnswer<{ items: Webhook[] }>(`webhooks${of}`, every);
  const [enabling, setEnabling] = useState<Webhook | null>(null);
  const [said, setSaid] = useState('');
  const may = mayCall(session, 'POST webhooks/{id}/{act}', tenant);
  const naming = (one: Webhook) => t('webhooks.enableOf', { system: one.system, address: one.url });
  return (
    <div>
      <h2 id="webhooks">{t('webhooks.title')}</h2>
      {enabling ? (
        <ReasonForm
          key={enabling.id}
          confirm={naming(enabling)}
          second={needsSecond('webhook-enable', tenant)}
          why={t('act.why.logged')}
          act={(why) => ask(`webhooks/${encodeURIComponent(enabling.id)}/enable${of}`, { method: 'POST', body: { why } })}
          done={() => (setSaid(t('webhooks.enabled', { system: enabling.system })), setEnabling(null), again())}
          abort={() => setEnabling(null)}
        />
      ) : null}
      <p role="status">{said}</p>
      <Screen answer={answer} again={again}>
        {(value) =>
          value.items.length === 0 ? (
            <Empty words={t('state.empty.webhooks')} />
          ) : (
            <Table
              caption={t('webhooks.title')}
              head={['flow.system', 'webhooks.address', 'messages.state', 'webhooks.waiting', 'webhooks.givenUp', 'act.title']}
              named={1}
              rows={value.items.map((one) => ({
                key: one.id,
                bad: !one.enabled,
                data: { 'data-webhook': one.enabled ? 'on' : 'off' },
                cells: [
                  one.system,
                  one.url,
                  one.enabled ? t('webhooks.on') : [t('webhooks.off'), one.disabled?.text].filter(Boolean).join(': '),
                  one.waiting,
                  one.givenUp,
                  may && !one.enabled ? (
                    <button type="button" aria-label={naming(one)} onClick={() => (setSaid(''), setEnabling(one))}>
                      {t('webhooks.enable')}
                    </button>
                  ) : (
                    ''
                  ),
                ],
              }))}
            />
          )
        }
      </Screen>
    </div>
  );
}
