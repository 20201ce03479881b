// Four screens that are never mixed up: still searching, nothing there, not allowed, failed.
import type { ComponentChildren } from 'preact';
import type { Answer, Problem } from './server';
import { t } from './texts';

export function Searching() {
  return (
    <div class="screen searching" role="status" data-screen="searching">
      <p class="strong">{t('state.searching')}</p>
      <p>{t('state.searching.why')}</p>
    </div>
  );
}

export function Empty({ words }: { words: string }) {
  return (
    <div class="screen empty" role="status" data-screen="empty">
      <p class="strong">{words}</p>
    </div>
  );
}

export function ProblemWords({ problem }: { problem: Problem }) {
  const offline = problem.status === 0 || !problem.code;
  return (
    <>
      {offline ? <p>{t('state.failed.offline')}</p> : null}
      {problem.title ? <p class="strong">{problem.title}</p> : null}
      {problem.detail ? <p>{problem.detail}</p> : null}
      {problem.action ? <p>{problem.action}</p> : null}
      {problem.trace ? <p class="small">{t('state.trace', { trace: problem.trace })}</p> : null}
    </>
  );
}

interface Props<T> {
  answer: Answer<T>;
  again?: () => void;
  children: (value: T) => ComponentChildren;
}

export function Screen<T>({ answer, again, children }: Props<T>) {
  switch (answer.kind) {
    case 'searching':
      return <Searching />;
    case 'forbidden':
      return (
        <div class="screen forbidden" role="alert" data-screen="forbidden">
          <h2>{t('state.forbidden')}</h2>
          <ProblemWords problem={answer.problem} />
        </div>
      );
    case 'failed':
      return (
        <div class="screen failed" role="alert" data-screen="failed">
          <h2>{t('state.failed')}</h2>
          <ProblemWords problem={answer.problem} />
          {again ? (
            <button type="button" onClick={again}>
              {t('state.retry')}
            </button>
          ) : null}
        </div>
      );
    case 'there':
      return <>{children(answer.value)}</>;
  }
}
