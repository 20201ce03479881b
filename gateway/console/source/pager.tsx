// On to the next page of a list by its cursor, and back to the first.
import { t } from './texts';

interface Props {
  cursor: string; // of this page; empty: the first
  next: string | null;
  go: (cursor: string) => void;
}

export function Pager({ cursor, next, go }: Props) {
  return (
    <p class="pages">
      {cursor ? (
        <button type="button" onClick={() => go('')}>
          {t('messages.first')}
        </button>
      ) : null}
      {next ? (
        <button type="button" onClick={() => go(next)}>
          {t('messages.next')}
        </button>
      ) : null}
    </p>
  );
}
