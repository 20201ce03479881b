// The flow as it is: asked once, then told by the stream; asked again every few seconds while that is not alive.
import { useRef, useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { useStream } from './live';
import type { Answer } from './server';

export interface Way {
  system: string;
  type: string;
  connection: string | null;
  routes: string[];
  adapter: string | null;
  circuit: string | null;
  waiting: number;
  held: number;
  failed: number;
  sent: number;
  /** Of what waits, is held and has failed: how many in which state. */
  states: Record<string, number>;
  anHour: { accepted: number; handedOver: number; failed: number };
  oldestWaiting?: string;
}
export interface Flow {
  at: string;
  recentSince: string;
  sentSince: string;
  ways: Way[];
  more: string[];
  systems: { system: string; states: Record<string, number> }[];
}

/** The state of which there is most: a search is for one. */
export function mostOf(ways: Way[], states: string[]): string {
  const count = (state: string) => ways.reduce((sum, way) => sum + (way.states[state] ?? 0), 0);
  return states.reduce((best, state) => (count(state) > count(best) ? state : best));
}

export const standing = { waiting: ['queued', 'sending', 'pending'], held: ['held'], failed: ['failed', 'expired'] };

const every = 5000;

export function useFlow(tenant: string): [Answer<Flow>, () => void, boolean] {
  const question = `tenant=${encodeURIComponent(tenant)}`;
  // What was told counts until something newer was asked for.
  const [told, setTold] = useState<{ flow: Flow; after: Answer<Flow> } | null>(null);
  const alive = useRef(false);
  const [asked, again] = useAnswer<Flow>(`flow?${question}`, every, alive);
  const live = useStream(asked.kind !== 'there' && asked.kind !== 'failed' ? '' : `flow?${question}`, ['flow'], {
    speaks: true,
    heard: (_, data) => setTold({ flow: JSON.parse(data) as Flow, after: asked }),
  });
  alive.current = live;
  return [told && told.after === asked ? { kind: 'there', value: told.flow } : asked, again, live];
}
