// What lists of open things have in common: how many there are, beside the menu's word, and whether those that are over are shown.
import type { Answer } from './server';

interface Counted {
  items: unknown[];
  next: string | null;
}

/** As many as a badge counts: beyond it says "+". */
export const badgeMax = 200;

export function Badge({ answer, words }: { answer: Answer<Counted>; words: string }) {
  if (answer.kind !== 'there' || answer.value.items.length === 0) return null;
  const count = `${answer.value.items.length}${answer.value.next ? '+' : ''}`;
  return (
    <>
      {' '}
      <span class="badge">
        {count}
        <span class="unseen"> {words}</span>
      </span>
    </>
  );
}

interface ToggleProps {
  second: boolean;
  show: (second: boolean) => void;
  words: [string, string];
}

/** One of two lists. */
export function ListToggle({ second, show, words }: ToggleProps) {
  return (
    <p class="acts">
      <button type="button" aria-pressed={!second} onClick={() => show(false)}>
        {words[0]}
      </button>
      <button type="button" aria-pressed={second} onClick={() => show(true)}>
        {words[1]}
      </button>
    </p>
  );
}
