// The configuration as it stands, where each line comes from, who changed it and why, and what differs between two versions.
import { useState } from 'preact/hooks';
import { useAnswer } from './hooks';
import { diff, type Line } from './line_diff';
import { Empty, Screen } from './screens';
import { Table } from './table';
import { moment, t } from './texts';

interface Version {
  version: number;
  at: string;
  who: string;
  why: string;
  inForce: boolean;
}
type Files = Version & { files: { name: string; text: string }[] };

export function ConfigurationPage() {
  const [history, again] = useAnswer<{ items: Version[]; inForce: number }>('config/history');
  return (
    <>
      <h1>{t('config.title')}</h1>
      <p>{t('config.intro')}</p>
      <Screen answer={history} again={again}>
        {(value) => (value.items.length === 0 ? <Empty words={t('state.empty.config')} /> : <Versions items={value.items} />)}
      </Screen>
    </>
  );
}

function Versions({ items }: { items: Version[] }) {
  const first = items.find((one) => one.inForce) ?? items[0]!;
  const [shown, setShown] = useState(first.version);
  const [against, setAgainst] = useState(0);
  const choice = (label: string, value: number, set: (next: number) => void, none: boolean) => (
    <label>
      <span>{label}</span>
      <select value={String(value)} onChange={(event) => set(Number(event.currentTarget.value))}>
        {none ? <option value="0">{t('config.nothing')}</option> : null}
        {items.map((one) => (
          <option key={one.version} value={String(one.version)}>
            {`${one.version} (${moment(one.at)})`}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <h2>{t('config.history')}</h2>
      <Table
        caption={t('config.history')}
        head={['config.version', 'config.at', 'config.who', 'config.why', 'config.state']}
        rows={items.map((one) => ({
          key: String(one.version),
          cells: [String(one.version), moment(one.at), one.who, one.why, one.inForce ? t('config.inForce') : ''],
        }))}
      />
      <h2>{t('config.files')}</h2>
      <p class="search">
        {choice(t('config.show'), shown, setShown, false)}
        {choice(t('config.against'), against, setAgainst, true)}
      </p>
      <Text version={shown} against={against} />
    </>
  );
}

function Text({ version, against }: { version: number; against: number }) {
  const [now, again] = useAnswer<Files>(`config/versions/${version}`);
  const [before] = useAnswer<Files>(`config/versions/${against || version}`);
  return (
    <Screen answer={now} again={again}>
      {(value) => (
        <Screen answer={before}>
          {(old) => {
            const names = [...new Set([...value.files, ...old.files].map((one) => one.name))].sort();
            const textOf = (files: Files, name: string) => files.files.find((one) => one.name === name)?.text ?? '';
            const changed = names.filter((name) => against === 0 || textOf(value, name) !== textOf(old, name));
            if (changed.length === 0) return <Empty words={t('config.same')} />;
            return (
              <>
                {changed.map((name) => (
                  <Lines key={name} name={name} lines={diff(textOf(against ? old : value, name), textOf(value, name))} />
                ))}
              </>
            );
          }}
        </Screen>
      )}
    </Screen>
  );
}

function Lines({ name, lines }: { name: string; lines: Line[] }) {
  return (
    <section>
      <h3>{name}</h3>
      <div class="wide source" role="region" aria-label={name} tabIndex={0}>
        {lines.map((line, index) => (
          <div key={index} class={line.mark === '+' ? 'come' : line.mark === '-' ? 'gone' : ''}>
            <span class="number">{line.number}</span>
            {line.mark === '+' ? <span class="unseen">{t('config.come')} </span> : null}
            {line.mark === '-' ? <span class="unseen">{t('config.gone')} </span> : null}
            <span aria-hidden="true">{line.mark} </span>
            {line.text}
          </div>
        ))}
      </div>
    </section>
  );
}
