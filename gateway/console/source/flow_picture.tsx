// Systems to the left, then routes, connections, and the national components behind them: how much goes an hour, what waits and
// since when, what fails, and breakers that are open. Lines are as thick as much goes; what stands still is marked by word and
// shape, not by colour alone. Each box is a link to its messages. The table under it says the same to who does not see it.
import type { Connection } from './flow_page';
import type { Wish } from './messages_page';
import { ageWord, componentWord, rateWord, t, type TextKey } from './texts';
import { mostOf, standing, type Flow, type Way } from './use_flow';

const width = 1200;
const box = { width: 232, height: 66, gap: 16 };
const columns = [0, 1, 2, 3].map((column) => 4 + (column * (width - box.width - 8)) / 3);
const heads: TextKey[] = ['flow.system', 'flow.routes', 'flow.connection', 'flow.component'];
const top = 30;

interface Node {
  key: string;
  name: string;
  lines: string[];
  bad: boolean;
  wish: Wish;
  x: number;
  y: number;
}
interface Sum {
  waiting: number;
  bad: number;
  in: number;
  out: number;
  oldest?: string;
}

function sumOf(ways: Way[]): Sum {
  const sum: Sum = { waiting: 0, bad: 0, in: 0, out: 0 };
  for (const way of ways) {
    sum.waiting += way.waiting;
    sum.bad += way.failed + way.held;
    sum.in += way.anHour.accepted;
    sum.out += way.anHour.handedOver;
    if (way.oldestWaiting && (!sum.oldest || way.oldestWaiting < sum.oldest)) sum.oldest = way.oldestWaiting;
  }
  return sum;
}

/** Which box of each column a way goes through. */
const keys = [
  (way: Way) => way.system,
  (way: Way) => `${way.type} ${way.routes.join(', ')}`,
  (way: Way) => way.connection ?? '',
  (way: Way) => way.adapter ?? '',
];

/** Of what fails first, then of what waits; else all there is. */
function wishOf(column: number, ways: Way[]): Wish {
  const first = ways[0];
  const sum = sumOf(ways);
  const failed = ways.some((way) => way.failed > 0);
  const still = sum.bad > 0 ? (failed ? standing.failed : standing.held) : sum.waiting > 0 ? standing.waiting : null;
  const wish: Wish = still ? { state: mostOf(ways, still) } : {};
  if (column === 0) wish.system = first?.system;
  if (column === 1) wish.type = first?.type;
  const connections = [...new Set(ways.map((way) => way.connection))];
  if (column >= 2 && connections.length === 1) wish.connection = connections[0] ?? undefined;
  return wish;
}

/** The sign is for the eye. */
function spoken(node: Node): string {
  return [node.name, ...node.lines].join(', ').replace(/⚠ (?=\d)/, `${t('flow.bad')} `).replace('⚠ ', '');
}

export function FlowPicture({ flow, connections, find }: { flow: Flow; connections: Connection[]; find: (wish: Wish) => void }) {
  const { ways } = flow;
  const leastOf = (states: string[]) => (flow.more.some((state) => states.includes(state)) ? '+' : '');
  const leastBad = leastOf([...standing.held, ...standing.failed]);
  const leastWaiting = leastOf(standing.waiting);
  const nameOf = [
    (way: Way) => way.system,
    (way: Way) => way.routes.join(', ') || way.type,
    (way: Way) => way.connection ?? t('flow.unchosen'),
    (way: Way) => componentWord(way.adapter) || t('flow.unchosen'),
  ];
  const layers: Node[][] = keys.map((keyOf, column) =>
    [...new Set(ways.map(keyOf))].map((key, row) => {
      const own = ways.filter((way) => keyOf(way) === key);
      const first = own[0] as Way;
      const sum = sumOf(own);
      const open = own.find((way) => way.circuit && way.circuit !== 'closed')?.circuit;
      const down = connections.some((one) => one.health !== 'ready' && own.some((way) => way.connection === one.id));
      const rates = column === 0 ? [t('flow.in', { rate: rateWord(sum.in) })] : column === 1 ? [first.type, rateWord(sum.in)] : [t('flow.out', { rate: rateWord(sum.out) })];
      const still: string[] = [];
      if (sum.bad > 0) still.push(`⚠ ${sum.bad}${leastBad}`);
      if (column >= 2 && open) still.push(`⚠ ${t('flow.breaker')} ${t(`flow.breaker.${open}` as TextKey)}`);
      else if (column >= 2 && down) still.push(`⚠ ${t('flow.unwell')}`);
      else if (column === 3) still.push(t('flow.breaker.closed'));
      if (sum.waiting > 0 && column < 3) {
        still.push(`${t('flow.waiting')} ${sum.waiting}${leastWaiting}${sum.oldest ? ` (${ageWord(sum.oldest, flow.at)})` : ''}`);
      }
      return {
        key,
        name: nameOf[column]?.(first) ?? key,
        lines: [rates.join(' · '), still.join(' · ')].filter(Boolean),
        bad: sum.bad > 0 || (column >= 2 && (Boolean(open) || down)),
        wish: wishOf(column, own),
        x: columns[column] ?? 0,
        y: top + row * (box.height + box.gap),
      };
    }),
  );
  const height = top + Math.max(...layers.map((layer) => layer.length)) * (box.height + box.gap);
  const most = Math.max(1, ...ways.map((way) => way.sent + way.waiting + way.held + way.failed));
  const line = (way: Way, column: number, name: string) => {
    const at = (which: number) => layers[which]?.find((one) => one.key === keys[which]?.(way));
    const from = at(column);
    const to = at(column + 1);
    if (!from || !to) return null;
    const x1 = from.x + box.width;
    const y1 = from.y + box.height / 2;
    const y2 = to.y + box.height / 2;
    const middle = (x1 + to.x) / 2;
    const share = (way.sent + way.waiting + way.held + way.failed) / most;
    const stands = way.failed + way.held > 0 ? 'line bad' : way.waiting > 0 ? 'line waiting' : 'line';
    return <path key={name} class={stands} d={`M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${to.x} ${y2}`} stroke-width={1.5 + 6 * share} />;
  };
  const short = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  return (
    <svg class="flow" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={t('flow.picture')}>
      {heads.map((head, column) => (
        <text key={head} class="detail" x={columns[column]} y="18" aria-hidden="true">
          {t(head)}
        </text>
      ))}
      {ways.flatMap((way, i) => [0, 1, 2].map((column) => line(way, column, `${column} ${i}`)))}
      {layers.flat().map((one) => (
        <a
          key={`${one.x} ${one.key}`}
          href="#/messages"
          class={one.bad ? 'node bad' : 'node'}
          onClick={(event) => (event.preventDefault(), find(one.wish))}
        >
          <title>{t('flow.show', { what: spoken(one) })}</title>
          <g transform={`translate(${one.x} ${one.y})`}>
            <rect width={box.width} height={box.height} rx="6" />
            <text x="12" y={[42, 32, 22][one.lines.length] ?? 22}>
              {short(one.name, 26)}
            </text>
            {one.lines.map((words, row) => (
              <text key={row} x="12" y={(one.lines.length === 1 ? 52 : 40) + row * 17} class="detail">
                {short(words, 36)}
              </text>
            ))}
          </g>
        </a>
      ))}
    </svg>
  );
}
