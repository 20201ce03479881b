// Systems to the left, types in the middle, connections to the right. Lines are as thick as much goes; what stands still is
// marked by word and shape, not by colour alone. The table under it says the same to who does not see it.
import type { Connection, Way } from './flow_page';
import { t } from './texts';

const width = 960;
const box = { width: 220, height: 44, gap: 18 };
const columns = [10, (width - box.width) / 2, width - box.width - 10];

interface Node {
  name: string;
  words: string;
  bad: boolean;
  x: number;
  y: number;
}

export function FlowPicture({ ways, connections }: { ways: Way[]; connections: Connection[] }) {
  const names = (of: (way: Way) => string) => [...new Set(ways.map(of))];
  const sums = (of: (way: Way) => boolean) =>
    ways.filter(of).reduce(
      (sum, way) => ({ waiting: sum.waiting + way.waiting, bad: sum.bad + way.failed + way.held }),
      { waiting: 0, bad: 0 },
    );
  const connectionOf = (way: Way) => way.connection ?? t('flow.unchosen');
  const pick = [(way: Way) => way.system, (way: Way) => way.type, connectionOf];
  const layers: Node[][] = pick.map((of, column) =>
    names(of).map((name, row) => {
      const sum = sums((way) => of(way) === name);
      const open = column === 2 && connections.some((one) => one.id === name && one.circuit !== 'closed');
      const parts = [];
      if (sum.waiting > 0) parts.push(`${t('flow.waiting')} ${sum.waiting}`);
      if (sum.bad > 0) parts.push(`⚠ ${sum.bad}`);
      if (open) parts.push(t('flow.breaker.open'));
      return {
        name,
        words: parts.join(' · '),
        bad: sum.bad > 0 || open,
        x: columns[column] ?? 0,
        y: 10 + row * (box.height + box.gap),
      };
    }),
  );
  const height = 10 + Math.max(...layers.map((layer) => layer.length)) * (box.height + box.gap);
  const most = Math.max(1, ...ways.map((way) => way.sent + way.waiting + way.held + way.failed));
  const node = (column: number, name: string) => layers[column]?.find((one) => one.name === name);
  const line = (from: Node | undefined, to: Node | undefined, way: Way, key: string) => {
    if (!from || !to) return null;
    const x1 = from.x + box.width;
    const y1 = from.y + box.height / 2;
    const y2 = to.y + box.height / 2;
    const middle = (x1 + to.x) / 2;
    const share = (way.sent + way.waiting + way.held + way.failed) / most;
    const bad = way.failed + way.held > 0;
    return (
      <path
        key={key}
        class={bad ? 'line bad' : way.waiting > 0 ? 'line waiting' : 'line'}
        d={`M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${to.x} ${y2}`}
        stroke-width={1.5 + 6 * share}
      />
    );
  };
  return (
    <svg class="flow" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('flow.picture')}>
      {ways.map((way, i) => (
        <g key={i}>
          {line(node(0, way.system), node(1, way.type), way, `a${i}`)}
          {line(node(1, way.type), node(2, connectionOf(way)), way, `b${i}`)}
        </g>
      ))}
      {layers.flat().map((one) => (
        <g key={`${one.x} ${one.name}`} class={one.bad ? 'node bad' : 'node'} transform={`translate(${one.x} ${one.y})`}>
          <rect width={box.width} height={box.height} rx="6" />
          <text x="12" y={one.words ? 19 : 27}>
            {one.name.length > 26 ? `${one.name.slice(0, 25)}…` : one.name}
          </text>
          {one.words ? (
            <text x="12" y="36" class="detail">
              {one.words}
            </text>
          ) : null}
        </g>
      ))}
    </svg>
  );
}
