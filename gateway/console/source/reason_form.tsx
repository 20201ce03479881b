// A reason, and one more press: what every act asks for.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { ProblemWords } from './screens';
import type { Answer, Problem } from './server';
import { t } from './texts';

interface Props<T> {
  confirm: string;
  why?: string;
  act: (why: string, form: FormData) => Promise<Answer<T>>;
  done: (value: T) => void;
  abort: () => void;
  /** Stands there from the beginning: takes no focus, and nothing is to be aborted. */
  still?: boolean;
  children?: ComponentChildren;
}

export function ReasonForm<T>({ confirm, why, act, done, abort, still, children }: Props<T>) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
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
    if (answer.kind === 'there') done(answer.value);
    else if (answer.kind !== 'searching') setProblem(answer.problem);
  };

  return (
    <>
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
