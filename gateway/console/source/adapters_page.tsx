// The adapters, their versions, and the connections that use them.
import { Connections, type Connection } from './flow_page';
import { useAnswer } from './hooks';
import { Empty, Screen } from './screens';
import { Table } from './table';
import { t } from './texts';

interface Adapter {
  name: string;
  version: string;
  sdk: string;
  compiler: string;
  connections: string[];
}

export function AdaptersPage({ tenant }: { tenant: string }) {
  const [adapters, again] = useAnswer<{ items: Adapter[] }>(`adapters?tenant=${encodeURIComponent(tenant)}`);
  const [connections, connectionsAgain] = useAnswer<{ items: Connection[] }>('connections', 10000);
  return (
    <>
      <h1>{t('adapters.title')}</h1>
      <Screen answer={adapters} again={again}>
        {(value) =>
          value.items.length === 0 ? (
            <Empty words={t('state.empty.adapters')} />
          ) : (
            <Table
              caption={t('adapters.title')}
              head={['adapters.name', 'adapters.version', 'adapters.sdk', 'adapters.compiler', 'flow.connections']}
              rows={value.items.map((one) => ({ key: one.name, cells: [one.name, one.version, one.sdk, one.compiler, one.connections.join(', ')] }))}
            />
          )
        }
      </Screen>
      <h2>{t('flow.connections')}</h2>
      <Screen answer={connections} again={connectionsAgain}>
        {(value) => <Connections connections={value.items.filter((one) => one.tenants.includes(tenant))} />}
      </Screen>
    </>
  );
}
