// Retry, hold, release, cancel: each asks why and is confirmed by one more press.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from './messages_page';
import { ProblemWords } from './screens';
import { ask, type Problem } from './server';
import { t } from './texts';

type Act = 'retry' | 'hold' | 'release' | 'cancel';

/** What may fit; the server decides. */
const fitting: Record<string, Act[]> = {
  queued: ['hold', 'cancel'],
  sending: ['hold', 'cancel'],
  pending: ['hold', 'cancel'],
  held: ['release', 'retry', 'cancel'],
  failed: ['retry'],
  expired: ['retry'],
  cancelled: ['retry'],
  sent: ['cancel'],
};

export function ActPanel({ message, done }: { message: Message; done: () => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const why = useRef<HTMLInputElement>(null);
  // Before the next key is read: who types at once loses no letter.
  useLayoutEffect(() => why.current?.focus(), [act]);
  const acts = fitting[message.state] ?? [];

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!act || busy) return;
    setBusy(true);
    const answer = await ask(`messages/${encodeURIComponent(message.id)}/${act}`, {
      method: 'POST',
      body: { why: why.current?.value ?? '' },
    });
    setBusy(false);
    if (answer.kind === 'there') {
      setProblem(null);
      setSaid(t('act.done', { act: t(`act.${act}`) }));
      setAct(null);
      done();
    } else if (answer.kind !== 'searching') {
      setProblem(answer.problem);
    }
  };

  return (
    <section aria-labelledby="acts">
      <h2 id="acts">{t('act.title')}</h2>
      {acts.length === 0 ? <p>{t('act.nothing')}</p> : null}
      <p class="acts">
        {acts.map((one) => (
          <button key={one} type="button" aria-expanded={act === one} onClick={() => (setSaid(''), setProblem(null), setAct(one))}>
            {t(`act.${one}`)}
          </button>
        ))}
      </p>
      {act ? (
        <form class="act" onSubmit={(event) => void submit(event)}>
          <label>
            <span>{t('act.why')}</span>
            <input ref={why} name="why" required maxLength={1000} autocomplete="off" />
          </label>
          <button type="submit" class="main" disabled={busy}>
            {t('act.confirm', { act: t(`act.${act}`) })}
          </button>
          <button type="button" onClick={() => setAct(null)}>
            {t('act.abort')}
          </button>
        </form>
      ) : null}
      {problem ? (
        <div class="screen failed" role="alert">
          <ProblemWords problem={problem} />
        </div>
      ) : null}
      <p role="status">{said}</p>
    </section>
  );
}
