import { useEffect, useRef, useState } from 'preact/hooks';
import { ProblemWords } from './screens';
import { ask, type Problem, type Session } from './server';
import { t } from './texts';

interface Props {
  over: boolean;
  entered: (session: Session) => void;
}

interface Provider {
  offered: boolean;
  problem?: Problem;
}

export function SignIn({ over, entered }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [offered, setOffered] = useState(false);
  const fault = useRef<HTMLDivElement>(null);
  useEffect(() => fault.current?.focus(), [problem]);
  useEffect(() => {
    // Who comes back from the provider without being let in has the reason's code in the address.
    const refused = /^#\/provider\/([\w.]+)$/.exec(window.location.hash)?.[1] ?? '';
    if (refused) window.history.replaceState(null, '', window.location.pathname);
    void ask<Provider>(`session/provider?refused=${encodeURIComponent(refused)}`, { background: true }).then((answer) => {
      if (answer.kind !== 'there') return;
      setOffered(answer.value.offered);
      // The trace would be that of the question, not of the refusal.
      if (answer.value.problem) setProblem({ ...answer.value.problem, trace: undefined });
    });
  }, []);

  const leave = async () => {
    setBusy(true);
    const answer = await ask<{ url: string }>('session/provider', { method: 'POST' });
    if (answer.kind === 'there') window.location.assign(answer.value.url);
    else if (answer.kind !== 'searching') {
      setBusy(false);
      setProblem(answer.problem);
    }
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const word = (name: string) => String(form.get(name) ?? '').trim();
    setBusy(true);
    const answer = await ask<Session>('session', {
      method: 'POST',
      body: { name: word('name'), password: word('password'), code: word('code').replace(/\s/g, '') },
    });
    setBusy(false);
    if (answer.kind === 'there') entered(answer.value);
    else if (answer.kind !== 'searching') setProblem(answer.problem);
  };

  return (
    <form class="sign-in" onSubmit={(event) => void submit(event)}>
      <h1>{t('signin.title')}</h1>
      {over ? <p role="status">{t('signin.over')}</p> : null}
      {problem ? (
        <div class="screen failed" role="alert" tabIndex={-1} ref={fault}>
          <ProblemWords problem={problem} />
        </div>
      ) : null}
      {offered ? (
        <>
          <button type="button" class="main" disabled={busy} onClick={() => void leave()}>
            {t('signin.provider')}
          </button>
          <h2>{t('signin.account')}</h2>
        </>
      ) : null}
      <label>
        <span>{t('signin.name')}</span>
        <input name="name" autocomplete="username" autocapitalize="none" spellcheck={false} required maxLength={40} />
      </label>
      <label>
        <span>{t('signin.password')}</span>
        <input name="password" type="password" autocomplete="current-password" required maxLength={200} />
      </label>
      <label>
        <span>{t('signin.code')}</span>
        <input name="code" inputMode="numeric" autocomplete="one-time-code" required maxLength={10} />
      </label>
      <button type="submit" class={offered ? undefined : 'main'} disabled={busy}>
        {busy ? t('signin.busy') : t('signin.submit')}
      </button>
    </form>
  );
}
