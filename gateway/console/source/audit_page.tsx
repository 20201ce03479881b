// What people have done, newest first: each act, opened content, document read.
import { useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { Pager } from './pager';
import { Empty, Screen } from './screens';
import { Table } from './table';
import { actWord, moment, t } from './texts';

interface Entry {
  at: string;
  who: string;
  act: string;
  tenant: string | null;
  trace: string;
  fields: Record<string, string>;
}

export function AuditPage({ tenant }: { tenant: string }) {
  const [cursor, setCursor] = useState('');
  const query = new URLSearchParams({ tenant, ...(cursor ? { cursor } : {}) });
  const [answer, again] = useAnswer<{ items: Entry[]; next: string | null }>(`audit?${query.toString()}`);
  return (
    <>
      <h1>{t('audit.title')}</h1>
      <p>{t('audit.intro')}</p>
      <Screen answer={answer} again={again}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty words={t('state.empty.audit')} />
          ) : (
            <Table
              caption={t('audit.title')}
              head={['audit.at', 'audit.who', 'audit.act', 'audit.of']}
              rows={page.items.map((one, index) => ({
                key: `${one.trace} ${index}`,
                cells: [moment(one.at), one.who, actWord(one.act), <Fields fields={one.fields} />],
              }))}
            />
          )
        }
      </Screen>
      <Pager cursor={cursor} next={answer.kind === 'there' ? answer.value.next : null} go={setCursor} />
    </>
  );
}

function Fields({ fields }: { fields: Record<string, string> }) {
  return (
    <>
      {Object.entries(fields).map(([name, value]) =>
        name === 'message' ? (
          <div key={name}>
            <a href={`#/messages/${encodeURIComponent(value)}`}>{value}</a>
          </div>
        ) : (
          <div key={name}>{name === 'why' ? `${t('message.why')}: ${value}` : `${name}: ${value}`}</div>
        ),
      )}
    </>
  );
}
