import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, searching, type Answer } from './server';

/**
 * Asks now, and again each `every` milliseconds while the page is seen. A newer answer that failed replaces an older one that
 * was there: old figures shown as new are worse than none.
 */
export function useAnswer<T>(path: string, every = 0): [Answer<T>, () => void] {
  const [answer, setAnswer] = useState<Answer<T>>(searching);
  const [round, setRound] = useState(0);
  const shown = useRef('');
  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    const look = async (background: boolean) => {
      if (!(background && document.hidden)) {
        try {
          const got = await ask<T>(path, { background, signal: stop.signal });
          if (!stop.signal.aborted) setAnswer(got);
        } catch {
          return;
        }
      }
      if (every > 0 && !stop.signal.aborted) timer = window.setTimeout(() => void look(true), every);
    };
    if (shown.current !== path) setAnswer(searching);
    shown.current = path;
    void look(false);
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [path, every, round]);
  return [answer, useCallback(() => setRound((n) => n + 1), [])];
}

/** Where we are: `#/messages`, `#/messages/<id>`. Never what was searched for. */
export function useRoute(): string[] {
  const read = () => window.location.hash.replace(/^#\/?/, '').split('/').filter(Boolean);
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const changed = () => setRoute(read());
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return route;
}
