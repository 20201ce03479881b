// Words in three languages, from texts/*.json: data, so that wording changes without code.
import en from '../texts/en.json';
import nb from '../texts/nb.json';
import nn from '../texts/nn.json';

export type Language = 'nb' | 'nn' | 'en';
export type TextKey = keyof typeof nb;

const all: Record<Language, Record<TextKey, string>> = { nb, nn, en };
export const languages: Language[] = ['nb', 'nn', 'en'];

let current: Language = 'nb';

export function useLanguage(language: Language): void {
  current = language;
  document.documentElement.lang = language;
}

export function language(): Language {
  return current;
}

export function t(key: TextKey, values: Record<string, string> = {}): string {
  return all[current][key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The word of a state; one that is not known yet is shown as it came. */
export function stateWord(state: string): string {
  const key = `s.${state}` as TextKey;
  return all[current][key] ?? state;
}

/** What somebody did; an act that is not known yet is shown as it came. */
export function actWord(act: string): string {
  const key = `audit.act.${act}` as TextKey;
  return all[current][key] ?? act;
}

/** What an entry of the access log is about; a kind that is not known yet as it came. */
export function logKindWord(kind: string): string {
  return all[current][`log.kind.${kind}` as TextKey] ?? kind;
}

/** An act that waits for a second person, as a button would say it. */
export function approvalAct(act: string): string {
  const key = `approval.act.${act}` as TextKey;
  return all[current][key] ?? act;
}

export function moment(text: string | undefined): string {
  if (!text) return '';
  const at = new Date(text);
  return Number.isNaN(at.getTime())
    ? text
    : at.toLocaleString(current === 'en' ? 'en-GB' : `${current}-NO`, { dateStyle: 'short', timeStyle: 'medium' });
}

/** The national component behind an adapter; one that is not known yet by the adapter's own name. */
export function componentWord(adapter: string | null | undefined): string {
  if (!adapter) return '';
  return all[current][`component.${adapter}` as TextKey] ?? adapter;
}

/** Messages an hour, or a minute where that is easier to grasp. */
export function rateWord(anHour: number): string {
  return anHour >= 120 ? t('flow.rate.minute', { count: String(Math.round(anHour / 60)) }) : t('flow.rate.hour', { count: String(anHour) });
}

/** How long ago, roughly: what has waited is seen at a glance. */
export function ageWord(since: string, now: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(now) - Date.parse(since)) / 60_000));
  if (minutes < 120) return t('flow.age.minutes', { count: String(minutes) });
  return minutes < 48 * 60
    ? t('flow.age.hours', { count: String(Math.round(minutes / 60)) })
    : t('flow.age.days', { count: String(Math.round(minutes / 1440)) });
}
