import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, searching, type Answer } from './server';

/** An answer and what was asked. */
interface Held<T> {
  question: string;
  answer: Answer<T>;
}

/**
 * Asks now, and again each `every` milliseconds while the page is seen. A newer answer that failed replaces an older one that
 * was there: old figures shown as new are worse than none. `rests`: something else tells what is new, so that only what is asked for
 * is asked. Asked again with `true`, it is
 * the page that asks: nobody has done anything.
 */
export function useAnswer<T>(path: string, every = 0, rests?: { current: boolean }): [Answer<T>, (background?: unknown) => void] {
  const [held, setHeld] = useState<Held<T>>({ question: '', answer: searching });
  const [round, setRound] = useState(0);
  const quiet = useRef(false);
  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    const look = async (background: boolean, now: boolean) => {
      if (!(background && document.hidden) && (now || !rests?.current)) {
        try {
          const got = await ask<T>(path, { background, signal: stop.signal });
          if (!stop.signal.aborted) setHeld({ question: path, answer: got });
        } catch {
          return;
        }
      }
      if (every > 0 && !stop.signal.aborted) timer = window.setTimeout(() => void look(true, false), every);
    };
    void look(quiet.current, true);
    quiet.current = false;
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [path, every, round]);
  return [held.question === path ? held.answer : searching, useCallback((background) => ((quiet.current = background === true), setRound((n) => n + 1)), [])];
}

/** Asks once for each question: never is the answer to the one before shown as the answer to this. */
export function useQuestion<T>(question: string, asked: (signal: AbortSignal) => Promise<Answer<T>>): Answer<T> {
  const [held, setHeld] = useState<Held<T>>({ question: '', answer: searching });
  useEffect(() => {
    const stop = new AbortController();
    asked(stop.signal)
      .then((got) => !stop.signal.aborted && setHeld({ question, answer: got }))
      .catch(() => {});
    return () => stop.abort();
  }, [question]);
  return held.question === question ? held.answer : searching;
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
