// The evidence package of one message, to be saved: for a purpose, with or without its documents.
import { useState } from 'preact/hooks';
import { ReasonForm } from './reason_form';
import { fetchFile, mayCall, needsSecond, type Session } from './server';
import { t, type TextKey } from './texts';

const purposes = ['complaint', 'access', 'supervision', 'court', 'archive', 'other'];

interface Props {
  message: string;
  tenant: string;
  session: Session;
}

export function EvidencePanel({ message, tenant, session }: Props) {
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState(false);
  if (!mayCall(session, 'POST messages/{id}/evidence', tenant)) return null;
  const mayContent = mayCall(session, 'POST content/open', tenant);
  const begin = () => {
    setMade(false);
    setAsking(true);
  };
  return (
    <div data-evidence={asking ? 'asking' : 'closed'}>
      <p class="acts">
        <button type="button" aria-expanded={asking} onClick={begin}>
          {t('evidence.make')}
        </button>
        <span class="small">{t('evidence.intro')}</span>
      </p>
      {asking ? (
        <ReasonForm<null>
          confirm={t('evidence.fetch')}
          why={t('evidence.why')}
          second={needsSecond('evidence', tenant)}
          act={(why, form) =>
            fetchFile(`messages/${encodeURIComponent(message)}/evidence`, `sluse-${message}.zip`, {
              why,
              purpose: String(form.get('purpose')),
              withDocuments: form.get('documents') !== null,
            })
          }
          done={() => {
            setAsking(false);
            setMade(true);
          }}
          abort={() => setAsking(false)}
        >
          <label>
            <span>{t('evidence.purpose')}</span>
            <select name="purpose" required>
              {purposes.map((purpose) => (
                <option key={purpose} value={purpose}>
                  {t(`evidence.purpose.${purpose}` as TextKey)}
                </option>
              ))}
            </select>
          </label>
          {mayContent ? (
            <label>
              <input type="checkbox" name="documents" /> <span>{t('evidence.documents')}</span>
            </label>
          ) : null}
        </ReasonForm>
      ) : null}
      <p role="status" class="note" hidden={!made}>
        {made ? t('evidence.made') : ''}
      </p>
    </div>
  );
}
