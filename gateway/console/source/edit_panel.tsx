// A failed message corrected: its fields, a reason, and one press that closes the old one and sends the corrected.
import { useState } from 'preact/hooks';
import { isOpen } from './content_panel';
import type { Message } from './messages_page';
import { ReasonForm } from './reason_form';
import { ProblemWords } from './screens';
import { ask, mayCall, needsSecond, type Problem, type Session } from './server';
import { t } from './texts';

type Content = { [member: string]: unknown };
type Path = (string | number)[];

interface Shown {
  version: string;
  content: Content;
  obstacle?: { text: string; action: string };
}

/** What is named by others, and not for people to write. */
const fixed = new Set(['type', 'version', 'sha256', 'part']);

/** Each text in it, with where it stands. */
function textsIn(value: unknown, path: Path = []): { path: Path; value: string }[] {
  if (typeof value === 'string') return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((one, index) => textsIn(one, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => (fixed.has(name) ? [] : textsIn(one, [...path, name])));
}

/** Written there; an empty text takes the member away. */
function write(content: Content, path: Path, text: string): void {
  let place = content as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) place = place[step] as Record<string | number, unknown>;
  const last = path[path.length - 1];
  if (last === undefined) return;
  if (text === '' && typeof last === 'string') delete place[last];
  else place[last] = text;
}

/** RFC 7396; nothing when they are the same. */
function patchOf(before: Content, after: Content): Content | undefined {
  const patch: Content = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[name], after[name]];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    const inside = [old, now].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
    patch[name] = now === undefined ? null : inside ? patchOf(old as Content, now as Content) : now;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

interface Props {
  message: Message;
  tenant: string;
  session: Session;
  done: () => void;
}

export function EditPanel({ message, tenant, session, done }: Props) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sent, setSent] = useState('');
  const path = `messages/${encodeURIComponent(message.id)}`;
  const fits = ['failed', 'expired', 'held'].includes(message.state);
  if (!mayCall(session, 'POST messages/{id}/edit', tenant) || (!fits && sent === '')) return null;
  if (!isOpen(session, tenant)) return <p>{t('edit.closed')}</p>;

  const open = async () => {
    const answer = await ask<Shown>(`${path}/content`);
    setProblem(answer.kind === 'failed' || answer.kind === 'forbidden' ? answer.problem : null);
    if (answer.kind === 'there') setShown(answer.value);
  };

  const send = (of: Shown) => async (why: string, form: FormData) => {
    const after = structuredClone(of.content);
    for (const one of textsIn(of.content)) write(after, one.path, String(form.get(one.path.join('/')) ?? one.value).replace(/\r\n/g, '\n'));
    const patch = patchOf(of.content, after);
    if (!patch) return { kind: 'failed' as const, problem: { status: 422, code: 'unchanged', title: t('edit.unchanged') } };
    const answer = await ask<{ id: string }>(`${path}/edit`, { method: 'POST', body: { why, version: of.version, patch } });
    setProblem(answer.kind === 'failed' ? answer.problem : null);
    return answer;
  };

  return (
    <section aria-labelledby="edit" data-edit>
      <h2 id="edit">{t('edit.start')}</h2>
      {sent ? (
        <p role="status">
          {t('edit.done')} <a href={`#/messages/${encodeURIComponent(sent)}`}>{sent}</a>
        </p>
      ) : (
        <button type="button" aria-expanded={shown !== null} onClick={() => void open()}>
          {t('edit.start')}
        </button>
      )}
      {problem && !shown ? (
        <div class="screen failed" role="alert">
          <ProblemWords problem={problem} />
        </div>
      ) : null}
      {shown?.obstacle ? (
        <div class="screen failed" role="alert">
          <p class="strong">
            {t('edit.obstacle')}: {shown.obstacle.text}
          </p>
          <p>{shown.obstacle.action}</p>
        </div>
      ) : null}
      {shown && !shown.obstacle ? (
        <ReasonForm<{ id: string }>
          confirm={t('edit.confirm')}
          second={needsSecond('message-edit', tenant)}
          act={send(shown)}
          done={(value) => (setShown(null), setSent(value.id), done())}
          abort={() => setShown(null)}
        >
          <p>{t('edit.intro')}</p>
          {textsIn(shown.content).map((one) => (
            <label key={one.path.join('/')} class="why">
              <span>{one.path.join(' / ')}</span>
              {one.value.length > 80 || one.value.includes('\n') ? (
                <textarea name={one.path.join('/')} rows={5} defaultValue={one.value} />
              ) : (
                <input name={one.path.join('/')} defaultValue={one.value} autocomplete="off" />
              )}
            </label>
          ))}
          {problem?.errors?.length ? (
            <div role="alert">
              <p class="strong">{t('edit.problems')}</p>
              <ul>
                {problem.errors.map((one) => (
                  <li key={one.pointer + one.detail}>
                    {one.pointer ? `${one.pointer}: ` : ''}
                    {one.detail}
                  </li>
                ))}
              </ul>
            </div>
          ) : null}
        </ReasonForm>
      ) : null}
    </section>
  );
}
