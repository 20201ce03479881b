// Who is here, in which language and colours, and which page is shown.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { AdaptersPage } from './adapters_page';
import { AlarmBadge, AlarmsPage } from './alarms_page';
import { ApprovalBadge, ApprovalsPage } from './approvals_page';
import { AuditPage } from './audit_page';
import { BenefitsPage } from './benefits_page';
import { CertificatesPage } from './certificates_page';
import { ConfigurationPage } from './configuration_page';
import { DoctorPage } from './doctor_page';
import { FailuresPage, GroupPage } from './failures_page';
import { FlowPage } from './flow_page';
import { useRoute } from './hooks';
import { MessagePage } from './message_page';
import { MessagesPage, type Wish } from './messages_page';
import { pages, pagesFor } from './pages';
import { QuarantinePage } from './quarantine_page';
import { ask, bind, type Session } from './server';
import { ReusePage } from './reuse_page';
import { SignIn } from './sign_in';
import { Screen, Searching } from './screens';
import { SystemsPage } from './systems_page';
import { languages, t, useLanguage, type Language } from './texts';

type Theme = 'auto' | 'light' | 'dark';

/** What the browser remembers: language, colours, municipality. Nothing else. */
function remembered(name: string, otherwise: string): string {
  try {
    return window.localStorage.getItem(`sluse.${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}
function remember(name: string, value: string): void {
  try {
    window.localStorage.setItem(`sluse.${name}`, value);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

function firstLanguage(): Language {
  const kept = remembered('language', '');
  const wished = kept || (navigator.language.startsWith('nn') ? 'nn' : navigator.language.startsWith('en') ? 'en' : 'nb');
  return languages.find((one) => one === wished) ?? 'nb';
}

export function Console() {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [theme, setTheme] = useState(remembered('theme', 'auto') as Theme);
  const [session, setSession] = useState<Session | null | undefined>(undefined);
  const [over, setOver] = useState(false);
  const [tenant, setTenant] = useState(remembered('tenant', ''));
  const [wish, setWish] = useState<Wish>({});
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  useLanguage(language);

  const enter = useCallback((next: Session | null, wasOver = false) => {
    bind(next, () => enter(null, true));
    setOver(wasOver);
    setSession(next);
  }, []);

  useEffect(() => {
    void ask<Session>('session').then((answer) => enter(answer.kind === 'there' ? answer.value : null));
  }, [enter]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    remember('theme', theme);
  }, [theme]);
  useEffect(() => remember('language', language), [language]);

  const place = session?.tenants.find((one) => one.id === tenant)?.id ?? session?.tenants[0]?.id ?? '';
  const menu = session ? pagesFor(session, place) : [];
  const page = pages.find((one) => one.id === route[0])?.id ?? menu[0]?.id ?? 'flow';
  const title = !session ? t('signin.title') : page === 'messages' && route[1] ? t('message.title') : t(pages.find((one) => one.id === page)!.title);
  useEffect(() => {
    document.title = `${title} – Sluse`;
  }, [title]);
  const arrived = useRef(false);
  useEffect(() => {
    // A new page is read from its top; the first one is the browser's own affair.
    if (arrived.current) {
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    arrived.current = Boolean(session);
  }, [page, route[1], Boolean(session)]);

  const signOut = async () => {
    const answer = await ask<{ signOutUrl: string } | null>('session', { method: 'DELETE' });
    enter(null);
    // Whoever a provider vouched for is signed in there as well.
    if (answer.kind === 'there' && answer.value) window.location.assign(answer.value.signOutUrl);
  };

  const choices = (
    <div class="choices">
      <label>
        <span>{t('menu.language')}</span>
        <select value={language} onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
          {languages.map((one) => (
            <option key={one} value={one} lang={one}>
              {t(`lang.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t('menu.theme')}</span>
        <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
          {(['auto', 'light', 'dark'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`menu.theme.${one}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );

  if (session === undefined) return <Searching />;
  if (session === null) {
    return (
      <>
        <header class="top">
          <p class="brand">Sluse</p>
          {choices}
        </header>
        <main ref={main} tabIndex={-1}>
          <SignIn over={over} entered={enter} />
        </main>
      </>
    );
  }
  const find = (next: Wish) => {
    setWish(next);
    window.location.hash = '#/messages';
  };
  const opened = (of: string, until: string) => setSession({ ...session, contentUntil: { ...session.contentUntil, [of]: until } });
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {t('skip')}
      </a>
      <header class="top">
        <p class="brand">Sluse</p>
        <nav aria-label={t('nav.label')}>
          {menu.map((one) => (
            <a key={one.id} href={`#/${one.id}`} aria-current={page === one.id ? 'page' : undefined}>
              {t(one.nav)}
              {one.id === 'alarms' ? <AlarmBadge tenant={place} /> : null}
              {one.id === 'approvals' ? <ApprovalBadge tenant={place} /> : null}
            </a>
          ))}
        </nav>
        {session.tenants.length > 1 ? (
          <label class="tenant">
            <span>{t('menu.tenant')}</span>
            <select value={place} onChange={(event) => (setTenant(event.currentTarget.value), remember('tenant', event.currentTarget.value))}>
              {session.tenants.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name || one.id}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <p class="tenant">{session.tenants[0]?.name}</p>
        )}
        {choices}
        <p class="who">{t('menu.signedIn', { name: session.name })}</p>
        <button type="button" onClick={() => void signOut()}>
          {t('menu.signOut')}
        </button>
      </header>
      <main id="content" ref={main} tabIndex={-1} key={`${page}/${route[1] ?? ''}/${place}/${language}/${session.contentUntil[place] ?? ''}`}>
        <Shown page={page} id={route[1]} place={{ tenant: place, session }} wish={wish} wished={setWish} find={find} opened={opened} />
      </main>
    </>
  );
}

interface ShownProps {
  page: string;
  id?: string;
  place: { tenant: string; session: Session };
  wish: Wish;
  wished: (wish: Wish) => void;
  find: (wish: Wish) => void;
  opened: (tenant: string, until: string) => void;
}

function Shown({ page, id, place, wish, wished, find, opened }: ShownProps) {
  if (!pagesFor(place.session, place.tenant).some((one) => one.id === page)) {
    return (
      <>
        <h1>{t(pages.find((one) => one.id === page)!.title)}</h1>
        <Screen answer={{ kind: 'forbidden', problem: { status: 403, code: 'session.not_allowed' } }}>{() => null}</Screen>
      </>
    );
  }
  switch (page) {
    case 'messages':
      return id ? <MessagePage id={id} {...place} opened={opened} /> : <MessagesPage {...place} opened={opened} wish={wish} wished={wished} />;
    case 'failures':
      return id ? <GroupPage id={id} {...place} /> : <FailuresPage {...place} />;
    case 'alarms':
      return <AlarmsPage {...place} />;
    case 'quarantine':
      return <QuarantinePage {...place} />;
    case 'approvals':
      return <ApprovalsPage tenant={place.tenant} />;
    case 'doctor':
      return <DoctorPage {...place} />;
    case 'adapters':
      return <AdaptersPage tenant={place.tenant} />;
    case 'systems':
      return <SystemsPage {...place} />;
    case 'certificates':
      return <CertificatesPage tenant={place.tenant} />;
    case 'configuration':
      return <ConfigurationPage />;
    case 'reuse':
      return <ReusePage {...place} />;
    case 'benefits':
      return <BenefitsPage {...place} />;
    case 'audit':
      return <AuditPage tenant={place.tenant} />;
    default:
      return <FlowPage {...place} find={find} />;
  }
}
