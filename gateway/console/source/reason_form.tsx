// A reason, and one more press: what every act asks for.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { ProblemWords } from './screens';
import { waitsFor, type Answer, type Problem, type Waits } from './server';
import { t } from './texts';

interface Props<T> {
  confirm: string;
  why?: string;
  act: (why: string, form: FormData) => Promise<Answer<T>>;
  done: (value: T) => void;
  abort: () => void;
  /** Stands there from the beginning: takes no focus, and nothing is to be aborted. */
  still?: boolean;
  /** Somebody else has to approve it: said before it is asked for. */
  second?: boolean;
  children?: ComponentChildren;
}

export function ReasonForm<T>({ confirm, why, act, done, abort, still, second, children }: Props<T>) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [waits, setWaits] = useState<Waits | null>(null);
  const first = useRef<HTMLFormElement>(null);
  // Before the next key is read: who types at once loses no letter.
  useLayoutEffect(() => void (still || first.current?.querySelector<HTMLElement>('input, select')?.focus()), []);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const answer = await act(String(form.get('why') ?? ''), form);
    setBusy(false);
    setProblem(null);
    if (answer.kind === 'there') {
      const waiting = waitsFor(answer.value);
      if (waiting) setWaits(waiting);
      else done(answer.value);
    } else if (answer.kind !== 'searching') setProblem(answer.problem);
  };

  if (waits) {
    return (
      <div class="screen" role="status" data-waits>
        <p class="strong">{waits.text}</p>
        <p>
          {waits.action} <a href="#/approvals">{t('approval.title')}</a>
        </p>
        <button type="button" ref={(button) => button?.focus()} onClick={abort}>
          {t('approval.close')}
        </button>
      </div>
    );
  }
  return (
    <>
      {second ? <p class="note">{t('approval.before')}</p> : null}
      <form class="act" ref={first} onSubmit={(event) => void submit(event)}>
        {children}
        <label class="why">
          <span>{why ?? t('act.why')}</span>
          <input name="why" required maxLength={1000} autocomplete="off" />
        </label>
        <button type="submit" class="main" disabled={busy}>
          {confirm}
        </button>
        {still ? null : (
          <button type="button" onClick={abort}>
            {t('act.abort')}
          </button>
        )}
      </form>
      {problem ? (
        <div class="screen failed" role="alert">
          <ProblemWords problem={problem} />
        </div>
      ) : null}
    </>
  );
}
