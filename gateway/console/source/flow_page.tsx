// The flow as picture and as table: the same figures, the same doors to the messages behind them.
import { FlowHistory } from './flow_history';
import { FlowPicture } from './flow_picture';
import { useAnswer } from './hooks';
import { LiveMark } from './live';
import type { Wish } from './messages_page';
import { Empty, Screen } from './screens';
import { componentWord, moment, rateWord, stateWord, t, type TextKey } from './texts';
import type { Session } from './server';
import { mostOf, standing, useFlow, type Flow, type Way } from './use_flow';

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

const every = 10_000;

function Count({ number, label, show, least }: { number: number; label: string; show: () => void; least: boolean }) {
  if (number === 0) return <>0</>;
  return (
    <button type="button" class="figure" aria-label={`${number}${least ? '+' : ''} – ${t('flow.show', { what: label })}`} onClick={show}>
      {number}
      {least ? '+' : ''}
    </button>
  );
}

export function FlowPage({ tenant, session, find }: { tenant: string; session: Session; find: (wish: Wish) => void }) {
  const [flow, again, live] = useFlow(tenant);
  const [connections, connectionsAgain] = useAnswer<{ items: Connection[] }>('connections', every);
  const known = connections.kind === 'there' ? connections.value.items.filter((one) => one.tenants.includes(tenant)) : [];
  return (
    <>
      <h1>{t('flow.title')}</h1>
      <p>{t('flow.intro')}</p>
      <Screen answer={flow} again={again}>
        {(value) => (
          <>
            <LiveMark live={live} is="flow.live" not="flow.notLive" more={t('flow.updated', { time: moment(value.at) })} />
            {value.ways.length === 0 ? <Empty words={t('state.empty.flow')} /> : <Ways flow={value} connections={known} find={find} />}
            <Totals flow={value} />
          </>
        )}
      </Screen>
      <FlowHistory key={tenant} tenant={tenant} session={session} />
      <h2>{t('flow.connections')}</h2>
      <Screen answer={connections} again={connectionsAgain}>
        {() => <Connections connections={known} />}
      </Screen>
    </>
  );
}

function Ways({ flow, connections, find }: { flow: Flow; connections: Connection[]; find: (wish: Wish) => void }) {
  const figure = (way: Way, number: number, word: TextKey, least: boolean, wish: Wish) => (
    <Count
      number={number}
      label={`${t(word)}, ${way.system}, ${way.type}, ${way.connection ?? t('flow.unchosen')}`}
      least={least}
      show={() => find({ ...wish, system: way.system, type: way.type, connection: way.connection ?? undefined })}
    />
  );
  const cell = (way: Way, what: keyof typeof standing) => (
    <td class={way[what] > 0 && what !== 'waiting' ? 'bad' : ''}>
      {figure(way, way[what], `flow.${what}`, standing[what].some((state) => flow.more.includes(state)), { state: mostOf([way], standing[what]) })}
    </td>
  );
  return (
    <>
      {flow.more.length > 0 ? <p class="note">{t('flow.more', { states: flow.more.map(stateWord).join(', ') })}</p> : null}
      <div class="wide">
        <FlowPicture flow={flow} connections={connections} find={find} />
      </div>
      <div class="wide" role="region" aria-label={t('flow.table')} tabIndex={0}>
        <table>
          <caption>{t('flow.table')}</caption>
          <thead>
            <tr>
              {columns.map((key) => (
                <th key={key} scope="col">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {flow.ways.map((way) => (
              <tr key={`${way.system} ${way.type} ${way.connection}`}>
                <th scope="row">{way.system}</th>
                <td>{way.type}</td>
                <td>{way.routes.join(', ')}</td>
                <td>{way.connection ?? t('flow.unchosen')}</td>
                <td>{componentWord(way.adapter)}</td>
                <td>{rateWord(way.anHour.accepted)}</td>
                <td>{rateWord(way.anHour.handedOver)}</td>
                {cell(way, 'waiting')}
                <td>{moment(way.oldestWaiting)}</td>
                {cell(way, 'held')}
                {cell(way, 'failed')}
                <td>{figure(way, way.sent, 'flow.sent', false, {})}</td>
                <td class={way.circuit && way.circuit !== 'closed' ? 'bad' : ''}>{breakerWord(way.circuit ?? undefined)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const columns = [
  'flow.system',
  'flow.type',
  'flow.routes',
  'flow.connection',
  'flow.component',
  'flow.rate.in',
  'flow.rate.out',
  'flow.waiting',
  'flow.oldest',
  'flow.held',
  'flow.failed',
  'flow.sent',
  'flow.breaker',
] as const;

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
