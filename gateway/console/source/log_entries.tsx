// What the access log says, page by page, for a purpose: reading it is an entry of its own.
import { useState } from 'preact/hooks';
import { ReasonForm } from './reason_form';
import { Empty, Screen } from './screens';
import { ask, type Answer } from './server';
import { Table } from './table';
import { logKindWord, moment, t } from './texts';

interface Entry {
  number: number;
  at: string;
  kind: string;
  system: string;
  purpose?: string;
  purposeName?: string;
  dataset?: string;
  fields?: string[];
  code?: string;
  ofOne: boolean;
}
interface Page {
  items: Entry[];
  next: number | null;
}

export function LogEntries({ tenant }: { tenant: string }) {
  const [why, setWhy] = useState('');
  const [answer, setAnswer] = useState<Answer<Page> | null>(null);
  const [before, setBefore] = useState<number | null>(null);
  const look = (reason: string, from: number | null) => ask<Page>('log/entries', { method: 'POST', body: { tenant, why: reason, ...(from ? { before: from } : {}) } });
  const turn = async (from: number | null) => {
    setBefore(from);
    setAnswer({ kind: 'searching' });
    setAnswer(await look(why, from));
  };
  return (
    <section aria-labelledby="entries">
      <h3 id="entries">{t('log.entries')}</h3>
      <p>{t('log.entries.intro')}</p>
      <ReasonForm<Page>
        confirm={t('log.entries.show')}
        why={t('log.entries.why')}
        act={(reason) => (setWhy(reason), look(reason, null))}
        done={(page) => (setBefore(null), setAnswer({ kind: 'there', value: page }))}
        abort={() => setAnswer(null)}
        still
      />
      {answer ? (
        <Screen answer={answer} again={() => void turn(before)}>
          {(page) => (
            <>
              {page.items.length === 0 ? (
                <Empty words={t('state.empty.log')} />
              ) : (
                <Table
                  caption={t('log.entries.table')}
                  head={['log.number', 'log.at', 'log.who', 'log.what', 'log.purpose', 'log.dataset', 'log.ofOne']}
                  rows={page.items.map((one) => ({
                    key: String(one.number),
                    bad: one.kind === 'refused',
                    data: { 'data-entry': one.kind },
                    cells: [
                      String(one.number),
                      moment(one.at),
                      one.system,
                      one.code ? `${logKindWord(one.kind)} (${one.code})` : logKindWord(one.kind),
                      one.purposeName ?? one.purpose ?? '',
                      [one.dataset, one.fields?.join(', ')].filter(Boolean).join(': '),
                      one.ofOne ? t('log.yes') : t('log.no'),
                    ],
                  }))}
                />
              )}
              <p class="pages">
                {before ? (
                  <button type="button" onClick={() => void turn(null)}>
                    {t('messages.first')}
                  </button>
                ) : null}
                {page.next ? (
                  <button type="button" onClick={() => void turn(page.next)}>
                    {t('messages.next')}
                  </button>
                ) : null}
              </p>
            </>
          )}
        </Screen>
      ) : null}
    </section>
  );
}
