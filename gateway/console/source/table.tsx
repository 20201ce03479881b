// A table that scrolls by itself: the first cell of a row is its name.
import type { ComponentChildren } from 'preact';
import { t, type TextKey } from './texts';

interface Props {
  caption: string;
  head: TextKey[];
  rows: { key: string; cells: ComponentChildren[]; bad?: boolean }[];
}

export function Table({ caption, head, rows }: Props) {
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
          {rows.map(({ key, cells, bad }) => (
            <tr key={key} class={bad ? 'bad' : ''}>
              {cells.map((cell, index) => (index === 0 ? <th key={index} scope="row">{cell}</th> : <td key={index}>{cell}</td>))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
