// The specialist systems, where they are told of events, and their keys: made, shown once, revoked.
import { useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { ReasonForm } from './reason_form';
import { Empty, Screen } from './screens';
import { ask, mayCall, type Session } from './server';
import { Table } from './table';
import { moment, t } from './texts';
import { WebhooksPanel } from './webhooks_panel';

interface System {
  system: string;
  name: string;
  grants: string[];
  token: boolean;
  certificates: number;
}
interface Key {
  id: string;
  kind: string;
  system?: string;
  created: string;
  note: string;
  revoked?: string;
  key?: string;
}

export function SystemsPage({ tenant, session }: { tenant: string; session: Session }) {
  const of = `?tenant=${encodeURIComponent(tenant)}`;
  const [systems, systemsAgain] = useAnswer<{ items: System[] }>(`systems${of}`);
  return (
    <>
      <h1>{t('systems.title')}</h1>
      <Screen answer={systems} again={systemsAgain}>
        {(value) =>
          value.items.length === 0 ? (
            <Empty words={t('state.empty.systems')} />
          ) : (
            <Table
              caption={t('systems.title')}
              head={['flow.system', 'systems.name', 'systems.grants', 'systems.signIn']}
              rows={value.items.map((one) => ({
                key: one.system,
                cells: [
                  one.system,
                  one.name,
                  one.grants.join(', '),
                  [one.token ? t('systems.token') : '', one.certificates > 0 ? t('systems.certificates', { count: String(one.certificates) }) : '', t('systems.byKey')]
                    .filter(Boolean)
                    .join(', '),
                ],
              }))}
            />
          )
        }
      </Screen>
      {mayCall(session, 'GET webhooks', tenant) ? <WebhooksPanel tenant={tenant} session={session} /> : null}
      {mayCall(session, 'GET keys', tenant) ? (
        <Keys of={of} tenant={tenant} session={session} systems={systems.kind === 'there' ? systems.value.items : []} />
      ) : null}
    </>
  );
}

function Keys({ of, tenant, session, systems }: { of: string; tenant: string; session: Session; systems: System[] }) {
  const [keys, again] = useAnswer<{ items: Key[] }>(`keys${of}`);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Key | null>(null);
  const [revoking, setRevoking] = useState('');
  const mayMake = mayCall(session, 'POST keys', '*') && systems.length > 0;
  const mayRevoke = mayCall(session, 'POST keys/{id}/revoke', '*');
  return (
    <div>
      <h2 id="keys">{t('keys.title')}</h2>
      {mayMake ? (
        <p class="acts">
          <button type="button" aria-expanded={making} onClick={() => (setMade(null), setMaking(true))}>
            {t('keys.make')}
          </button>
        </p>
      ) : null}
      {making ? (
        <ReasonForm<Key>
          confirm={t('keys.make')}
          why={t('act.why.logged')}
          act={(why, form) =>
            ask('keys', { method: 'POST', body: { kind: 'system', tenant, system: String(form.get('system')), note: String(form.get('note') ?? ''), why } })
          }
          done={(key) => (setMade(key), setMaking(false), again())}
          abort={() => setMaking(false)}
        >
          <label>
            <span>{t('flow.system')}</span>
            <select name="system">
              {systems.map((one) => (
                <option key={one.system} value={one.system}>
                  {one.system}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>{t('keys.note')}</span>
            <input name="note" maxLength={200} autocomplete="off" />
          </label>
        </ReasonForm>
      ) : null}
      {made?.key ? (
        <div class="screen" role="status">
          <p class="strong">{t('keys.once')}</p>
          <p>
            <code class="secret">{made.key}</code>
          </p>
          <button type="button" onClick={() => setMade(null)}>
            {t('keys.forget')}
          </button>
        </div>
      ) : null}
      {revoking ? (
        <ReasonForm<Key>
          key={revoking}
          confirm={t('keys.revokeOf', { id: revoking })}
          why={t('act.why.logged')}
          act={(why) => ask(`keys/${encodeURIComponent(revoking)}/revoke`, { method: 'POST', body: { why } })}
          done={() => (setRevoking(''), again())}
          abort={() => setRevoking('')}
        />
      ) : null}
      <Screen answer={keys} again={again}>
        {(value) =>
          value.items.length === 0 ? (
            <Empty words={t('state.empty.keys')} />
          ) : (
            <Table
              caption={t('keys.title')}
              head={['keys.id', 'flow.system', 'keys.created', 'keys.note', 'keys.state']}
              rows={value.items.map((one) => ({
                key: one.id,
                cells: [
                  one.id,
                  one.system ?? t('keys.operators'),
                  moment(one.created),
                  one.note,
                  one.revoked ? (
                    t('keys.revoked', { time: moment(one.revoked) })
                  ) : mayRevoke ? (
                    <button type="button" aria-label={t('keys.revokeOf', { id: one.id })} onClick={() => setRevoking(one.id)}>
                      {t('keys.revoke')}
                    </button>
                  ) : (
                    t('keys.valid')
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
