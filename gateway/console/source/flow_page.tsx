// The flow as picture and as table: the same figures, the same doors to the messages behind them.
import { FlowHistory } from './flow_history';
import { FlowPicture } from './flow_picture';
import { useAnswer } from './hooks';
import type { Wish } from './messages_page';
import { Empty, Screen } from './screens';
import { moment, stateWord, t, type TextKey } from './texts';

export interface Way {
  system: string;
  type: string;
  connection: string | null;
  waiting: number;
  held: number;
  failed: number;
  sent: number;
  oldestWaiting?: string;
}
interface Flow {
  at: string;
  recentSince: string;
  ways: Way[];
  more: string[];
  systems: { system: string; states: Record<string, number> }[];
}
export interface Connection {
  id: string;
  adapter: string;
  environment: string;
  tenants: string[];
  health: string;
  circuit: string;
  inFlight: number;
  reason?: { text: string; action: string };
}

const every = 5000;

function Count({ number, label, show, least }: { number: number; label: string; show: () => void; least: boolean }) {
  if (number === 0) return <>0</>;
  return (
    <button type="button" class="figure" aria-label={`${number}${least ? '+' : ''} – ${t('flow.show', { what: label })}`} onClick={show}>
      {number}
      {least ? '+' : ''}
    </button>
  );
}

export function FlowPage({ tenant, find }: { tenant: string; find: (wish: Wish) => void }) {
  const [flow, again] = useAnswer<Flow>(`flow?tenant=${encodeURIComponent(tenant)}`, every);
  const [connections, connectionsAgain] = useAnswer<{ items: Connection[] }>('connections', every * 2);
  const known = connections.kind === 'there' ? connections.value.items.filter((one) => one.tenants.includes(tenant)) : [];
  return (
    <>
      <h1>{t('flow.title')}</h1>
      <p>{t('flow.intro')}</p>
      <Screen answer={flow} again={again}>
        {(value) => (
          <>
            {value.ways.length === 0 ? <Empty words={t('state.empty.flow')} /> : <Ways flow={value} connections={known} find={find} />}
            <Totals flow={value} />
          </>
        )}
      </Screen>
      <FlowHistory tenant={tenant} />
      <h2>{t('flow.connections')}</h2>
      <Screen answer={connections} again={connectionsAgain}>
        {() => <Connections connections={known} />}
      </Screen>
    </>
  );
}

function Ways({ flow, connections, find }: { flow: Flow; connections: Connection[]; find: (wish: Wish) => void }) {
  const least = (states: string[]) => states.some((state) => flow.more.includes(state));
  const cell = (way: Way, number: number, word: TextKey, states: string[]) => (
    <td class={number > 0 && (word === 'flow.failed' || word === 'flow.held') ? 'bad' : ''}>
      <Count
        number={number}
        label={`${t(word)}, ${way.system}, ${way.type}, ${way.connection ?? t('flow.unchosen')}`}
        least={least(states)}
        show={() => find({ state: states[0], type: way.type, connection: way.connection ?? undefined })}
      />
    </td>
  );
  const breaker = (way: Way) => connections.find((one) => one.id === way.connection)?.circuit;
  return (
    <>
      <p class="small">{t('flow.updated', { time: moment(flow.at) })}</p>
      {flow.more.length > 0 ? <p class="note">{t('flow.more', { states: flow.more.map(stateWord).join(', ') })}</p> : null}
      <FlowPicture ways={flow.ways} connections={connections} />
      <div class="wide" role="region" aria-label={t('flow.table')} tabIndex={0}>
        <table>
          <caption>{t('flow.table')}</caption>
          <thead>
            <tr>
              {(['flow.system', 'flow.type', 'flow.connection', 'flow.waiting', 'flow.oldest', 'flow.held', 'flow.failed', 'flow.sent', 'flow.breaker'] as const).map(
                (key) => (
                  <th key={key} scope="col">
                    {t(key)}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {flow.ways.map((way) => (
              <tr key={`${way.system} ${way.type} ${way.connection}`}>
                <th scope="row">{way.system}</th>
                <td>{way.type}</td>
                <td>{way.connection ?? t('flow.unchosen')}</td>
                {cell(way, way.waiting, 'flow.waiting', ['queued', 'sending', 'pending'])}
                <td>{moment(way.oldestWaiting)}</td>
                {cell(way, way.held, 'flow.held', ['held'])}
                {cell(way, way.failed, 'flow.failed', ['failed', 'expired'])}
                {cell(way, way.sent, 'flow.sent', ['sent', 'delivered', 'read'])}
                <td>{breakerWord(breaker(way))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function breakerWord(circuit: string | undefined): string {
  return circuit ? t(`flow.breaker.${circuit}` as TextKey) : '';
}

export function Connections({ connections }: { connections: Connection[] }) {
  return (
    <div class="wide" role="region" aria-label={t('flow.connections')} tabIndex={0}>
      <table>
        <caption class="unseen">{t('flow.connections')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('flow.connection')}</th>
            <th scope="col">{t('flow.health')}</th>
            <th scope="col">{t('flow.breaker')}</th>
            <th scope="col">{t('flow.inFlight')}</th>
          </tr>
        </thead>
        <tbody>
          {connections.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                {one.id} <span class="small">({one.adapter}, {one.environment})</span>
              </th>
              <td class={one.health === 'ready' ? '' : 'bad'}>
                {t(`flow.health.${one.health}` as TextKey)}
                {one.reason ? <span class="reason">{`${one.reason.text} ${one.reason.action}`}</span> : null}
              </td>
              <td class={one.circuit === 'closed' ? '' : 'bad'}>{breakerWord(one.circuit)}</td>
              <td>{one.inFlight}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Totals({ flow }: { flow: Flow }) {
  if (flow.systems.length === 0) return null;
  const states = [...new Set(flow.systems.flatMap((one) => Object.keys(one.states)))];
  return (
    <>
      <h2>{t('flow.totals')}</h2>
      <div class="wide" role="region" aria-label={t('flow.totals')} tabIndex={0}>
        <table>
          <caption class="unseen">{t('flow.totals')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('flow.system')}</th>
              {states.map((state) => (
                <th key={state} scope="col">
                  {stateWord(state)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {flow.systems.map((one) => (
              <tr key={one.system}>
                <th scope="row">{one.system}</th>
                {states.map((state) => (
                  <td key={state}>{one.states[state] ?? 0}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
