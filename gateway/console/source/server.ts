// The admin API of the program that served this page, and of nobody else.
import { language } from './texts';

export interface Session {
  name: string;
  csrf: string;
  idleSeconds: number;
  roles: { role: string; tenant: string; systems?: string[] }[];
  tenants: { id: string; name: string }[];
  may: Record<string, string[]>;
  contentUntil: Record<string, string>;
  secondPerson: Record<string, string[]>;
}

export interface Problem {
  status: number;
  code?: string;
  title?: string;
  detail?: string;
  action?: string;
  trace?: string;
  errors?: { pointer: string; detail: string }[];
}

/** How a question stands: four different things that no screen may mix up. */
export type Answer<T> =
  | { kind: 'searching' }
  | { kind: 'there'; value: T }
  | { kind: 'forbidden'; problem: Problem }
  | { kind: 'failed'; problem: Problem };

export const searching = { kind: 'searching' } as const;

let csrf = '';
let whenOver: () => void = () => {};

let second: Record<string, string[]> = {};

export function bind(session: Session | null, over: () => void): void {
  second = session?.secondPerson ?? {};
  csrf = session?.csrf ?? '';
  whenOver = over;
}

/** Whether somebody else has to approve it before it is done. */
export function needsSecond(act: string, tenant: string): boolean {
  return second[tenant]?.includes(act) ?? false;
}

/** What came instead of what was asked for: it is asked, and waits for somebody else. */
export interface Waits {
  code: 'approval.waits';
  text: string;
  action: string;
}
export function waitsFor(value: unknown): Waits | null {
  const said = value as Waits | null;
  return said?.code === 'approval.waits' ? said : null;
}

interface Asking {
  method?: string;
  body?: unknown;
  background?: boolean;
  signal?: AbortSignal;
}

function send(path: string, asking: Asking): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': language(), Accept: 'application/json' };
  if (asking.body !== undefined) headers['Content-Type'] = 'application/json';
  if (asking.method && asking.method !== 'GET') headers['X-CSRF-Token'] = csrf;
  if (asking.background) headers['X-Sluse-Background'] = '1';
  return fetch(`/admin/v1/${path}`, {
    method: asking.method ?? 'GET',
    headers,
    body: asking.body === undefined ? undefined : JSON.stringify(asking.body),
    credentials: 'same-origin',
    cache: 'no-store',
    signal: asking.signal,
  });
}

export async function ask<T>(path: string, asking: Asking = {}): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await send(path, asking);
  } catch (error) {
    if (asking.signal?.aborted) throw error;
    return { kind: 'failed', problem: { status: 0 } };
  }
  return read<T>(response, path);
}

/** What is asked for is saved as a file, once all of it has come: what broke off is not saved. */
export async function fetchFile(path: string, name: string, body: unknown): Promise<Answer<null>> {
  let bytes: Blob;
  try {
    const response = await send(path, { method: 'POST', body });
    if (!response.ok || response.status === 202) return await read<null>(response, path);
    bytes = await response.blob();
  } catch {
    return { kind: 'failed', problem: { status: 0 } };
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return { kind: 'there', value: null };
}

async function read<T>(response: Response, path: string): Promise<Answer<T>> {
  let value: unknown = null;
  try {
    value = response.status === 204 ? null : await response.json();
  } catch {
    return { kind: 'failed', problem: { status: response.status } };
  }
  if (response.ok) return { kind: 'there', value: value as T };
  const problem = { ...(value as Problem), status: response.status };
  if (response.status === 401 && path !== 'session') whenOver();
  return { kind: response.status === 403 ? 'forbidden' : 'failed', problem };
}

/** Of whoever has a part of the municipality: its systems. None: all of it. */
export function partOf(session: Session, tenant: string): string[] | null {
  const systems = session.roles.filter((one) => one.tenant === tenant).flatMap((one) => one.systems ?? []);
  return systems.length > 0 ? [...new Set(systems)].sort() : null;
}

export function mayCall(session: Session, call: string, tenant: string): boolean {
  const places = session.may[call];
  return places !== undefined && (places.includes(tenant) || places.includes('*'));
}
