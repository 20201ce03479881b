// Streams of the server's (SSE): opened again when they break, closed while nobody sees the page, and honest about whether the
// line is alive.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t, type TextKey } from './texts';

const openAgain = 3000;
const silentMax = 40_000; // the server says every 15 s that the line is alive, where it says so

interface Told {
  /** Of a stream that says `alive`: silence means that it is not. */
  speaks?: boolean;
  heard: (event: string, data: string) => void;
}

/** Whether the line is alive now. No path: none is wished for. */
export function useStream(path: string, events: string[], { speaks, heard }: Told): boolean {
  const [live, setLive] = useState(false);
  const tell = useRef(heard);
  tell.current = heard;
  useEffect(() => {
    if (!path) return;
    let source: EventSource | null = null;
    let silence = 0;
    let again = 0;
    const close = () => {
      window.clearTimeout(silence);
      window.clearTimeout(again);
      source?.close();
      source = null;
      setLive(false);
    };
    const lost = () => {
      close();
      // Not all at the same moment, when it is the server that was away.
      again = window.setTimeout(open, openAgain * (1 + Math.random()));
    };
    const alive = () => {
      setLive(true);
      window.clearTimeout(silence);
      if (speaks) silence = window.setTimeout(lost, silentMax);
    };
    const open = () => {
      if (document.hidden) return;
      source = new EventSource(`/admin/v1/${path}`);
      source.addEventListener('error', lost);
      if (!speaks) source.addEventListener('open', alive);
      for (const name of speaks ? [...events, 'alive'] : events) {
        source.addEventListener(name, (event) => {
          alive();
          if (name !== 'alive') tell.current(name, (event as MessageEvent<string>).data);
        });
      }
    };
    const seen = () => {
      close();
      open();
    };
    open();
    document.addEventListener('visibilitychange', seen);
    return () => {
      document.removeEventListener('visibilitychange', seen);
      close();
    };
  }, [path]);
  return live;
}

const seldom = 4000;

/** Tells when something has moved: at once, then at most each four seconds. No path: who may not hear of it is never told. */
export function useMoved(path: string, event: 'flow' | 'alarm' | 'approval', moved: () => void): boolean {
  const timer = useRef(0);
  const last = useRef(-seldom);
  const tell = useRef(moved);
  tell.current = moved;
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useStream(path, [event], {
    speaks: event === 'flow',
    heard: () => {
      if (timer.current) return;
      timer.current = window.setTimeout(
        () => {
          timer.current = 0;
          last.current = performance.now();
          tell.current();
        },
        Math.max(0, last.current + seldom - performance.now()),
      );
    },
  });
}

export function flowPath(tenant: string, may: boolean): string {
  return may ? `flow?tenant=${encodeURIComponent(tenant)}` : '';
}

/** Says which it is; only a change of that is read aloud, not each moment. */
export function LiveMark({ live, is, not, more }: { live: boolean; is: TextKey; not: TextKey; more?: string }) {
  return (
    <p class={live ? 'small' : 'small note'} data-live={live ? 'yes' : 'no'}>
      <span role="status">{t(live ? is : not)}</span>
      {more ? ` ${more}` : ''}
    </p>
  );
}
