// Figures over time, drawn by uPlot. What it draws is said beside it too: a name, a summary, the figures where one points - by
// mouse or with the arrow keys - and, by who uses it, a table. Colours are the page's own, so both themes are.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { language, t } from './texts';

export interface ChartSeries {
  name: string;
  /** Says its colour and pattern: `--chart-<look>` and `.swatch.<look>`. */
  look: 'accepted' | 'handedOver' | 'delivered' | 'failed';
  values: number[];
}
interface Props {
  name: string;
  summary: string;
  /** Seconds since 1970, growing. */
  times: number[];
  series: ChartSeries[];
  moment: (seconds: number) => string;
}

const height = 260;
const day = 86400;
// Not by colour alone.
const patterns = { accepted: [], handedOver: [10, 4], delivered: [4, 3], failed: [2, 3] };
const steps = [1, 2, 5].flatMap((one) => Array.from({ length: 9 }, (_, power) => one * 10 ** power)).sort((a, b) => a - b);

function axisWords(seconds: number, step: number): string {
  const locale = language() === 'en' ? 'en-GB' : `${language()}-NO`;
  const form = step < day ? ({ hour: '2-digit', minute: '2-digit' } as const) : ({ day: 'numeric', month: 'numeric' } as const);
  return new Date(seconds * 1000).toLocaleString(locale, form);
}

function plotOptions(box: HTMLElement, looks: ChartSeries['look'][], pointed: (index: number | null) => void): uPlot.Options {
  const colour = (name: string) => () => getComputedStyle(box).getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--ink'),
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { stroke: colour('--edge'), width: 1 },
    font: '13px system-ui, sans-serif',
  };
  return {
    width: Math.max(box.clientWidth, 200),
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    scales: { x: { time: true }, y: { range: (_, __, most) => [0, Math.max(most, 1)] } },
    axes: [
      { ...axis, space: 70, values: (_, splits, __, ___, step) => splits.map((one) => axisWords(one, step)) },
      { ...axis, incrs: steps, size: 64, values: (_, splits) => splits.map(String) },
    ],
    series: [
      {},
      ...looks.map((look): uPlot.Series => ({ stroke: colour(`--chart-${look}`), dash: patterns[look], width: 2, points: { show: false } })),
    ],
    hooks: { setCursor: [(plot) => pointed(plot.cursor.idx ?? null)] },
  };
}

export function Chart({ name, summary, times, series, moment }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const id = useId();
  const looks = series.map((one) => one.look);
  useEffect(() => {
    const place = box.current!;
    const made = new uPlot(plotOptions(place, looks, setAt), [[], ...looks.map(() => [])], place);
    plot.current = made;
    const sized = new ResizeObserver(() => {
      const width = Math.max(place.clientWidth, 200);
      if (width !== made.width) made.setSize({ width, height });
    });
    sized.observe(place);
    const redraw = () => made.redraw();
    const themed = new MutationObserver(redraw);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme', 'lang'] });
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', redraw);
    return () => {
      sized.disconnect();
      themed.disconnect();
      dark.removeEventListener('change', redraw);
      made.destroy();
      plot.current = null;
    };
  }, [looks.join()]);
  useEffect(() => {
    plot.current?.setData([times, ...series.map((one) => one.values)]);
  }, [times, series, looks.join()]);

  const point = (index: number) => {
    const made = plot.current;
    if (!made || times.length === 0) return;
    const within = Math.min(Math.max(index, 0), times.length - 1);
    made.setCursor({ left: made.valToPos(times[within]!, 'x'), top: 10 });
    setAt(within);
  };
  const move = (event: KeyboardEvent) => {
    const last = times.length - 1;
    const from = at ?? last;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    point(to);
  };
  const shown = at !== null && at < times.length ? at : null;
  return (
    <figure class="chart">
      <figcaption id={`${id}c`}>{summary}</figcaption>
      <ul class="legend" aria-hidden="true">
        {series.map((one) => (
          <li key={one.look}>
            <span class={`swatch ${one.look}`} />
            {one.name}
          </li>
        ))}
      </ul>
      <div class="plot" ref={box} role="group" tabIndex={0} aria-label={name} aria-describedby={`${id}c ${id}k`} onKeyDown={move} />
      <p class="small" id={`${id}k`}>
        {t('chart.keys')}
      </p>
      <p class="readout" role="status">
        {shown === null ? '' : `${moment(times[shown]!)}: ${series.map((one) => `${one.name} ${one.values[shown] ?? 0}`).join(', ')}`}
      </p>
    </figure>
  );
}
