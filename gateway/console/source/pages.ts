// Which pages there are, what one must be allowed to call to be led to them, and what they are named.
import { mayCall, type Session } from './server';
import type { TextKey } from './texts';

export interface Page {
  id: string;
  call: string;
  nav: TextKey;
  title: TextKey;
}

export const pages: Page[] = [
  { id: 'flow', call: 'GET flow', nav: 'nav.flow', title: 'flow.title' },
  { id: 'messages', call: 'GET messages', nav: 'nav.messages', title: 'messages.title' },
  { id: 'failures', call: 'GET failures', nav: 'nav.failures', title: 'failures.title' },
  { id: 'alarms', call: 'GET alarms', nav: 'nav.alarms', title: 'alarms.title' },
  { id: 'quarantine', call: 'GET quarantine', nav: 'nav.quarantine', title: 'quarantine.title' },
  { id: 'approvals', call: 'GET approvals', nav: 'nav.approvals', title: 'approval.title' },
  { id: 'doctor', call: 'POST connections/{connection}/examine', nav: 'nav.doctor', title: 'doctor.title' },
  { id: 'adapters', call: 'GET adapters', nav: 'nav.adapters', title: 'adapters.title' },
  { id: 'systems', call: 'GET systems', nav: 'nav.systems', title: 'systems.title' },
  { id: 'certificates', call: 'GET certificates', nav: 'nav.certificates', title: 'certificates.title' },
  { id: 'configuration', call: 'GET config/history', nav: 'nav.configuration', title: 'config.title' },
  { id: 'reuse', call: 'GET statistics/records', nav: 'nav.reuse', title: 'reuse.title' },
  { id: 'benefits', call: 'GET statistics', nav: 'nav.benefits', title: 'benefits.title' },
  { id: 'audit', call: 'GET audit', nav: 'nav.audit', title: 'audit.title' },
];

/** The menu of one who is here. An address of another page is answered by the server, with no. */
export function pagesFor(session: Session, tenant: string): Page[] {
  return pages.filter((page) => mayCall(session, page.call, tenant));
}
