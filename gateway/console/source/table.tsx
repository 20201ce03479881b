// A table that scrolls by itself. One cell of each row is its name: the first, or which `named` says.
import type { ComponentChildren } from 'preact';
import { t, type TextKey } from './texts';

interface Props {
  caption: string;
  head: TextKey[];
  rows: { key: string; cells: ComponentChildren[]; bad?: boolean; data?: Record<`data-${string}`, string> }[];
  named?: number;
}

export function Table({ caption, head, rows, named = 0 }: Props) {
  return (
    <div class="wide" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((key) => (
              <th key={key} scope="col">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, bad, data }) => (
            <tr key={key} class={bad ? 'bad' : ''} {...data}>
              {cells.map((cell, index) => (index === named ? <th key={index} scope="row">{cell}</th> : <td key={index}>{cell}</td>))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
