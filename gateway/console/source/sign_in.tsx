import { useEffect, useRef, useState } from 'preact/hooks';
import { ProblemWords } from './screens';
import { ask, type Problem, type Session } from './server';
import { t } from './texts';

interface Props {
  over: boolean;
  entered: (session: Session) => void;
}

export function SignIn({ over, entered }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fault = useRef<HTMLDivElement>(null);
  useEffect(() => fault.current?.focus(), [problem]);

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
      <button type="submit" class="main" disabled={busy}>
        {busy ? t('signin.busy') : t('signin.submit')}
      </button>
    </form>
  );
}
