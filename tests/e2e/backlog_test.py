"""The console in the worst backlog: a component that is down, hundreds of letters that wait, some that failed, and more that come in all
the while. Each page answers and goes on to follow; a list offers what is new and does not jump; and where the program hangs, is gone,
has nothing or says no, four screens say which - of the real program, with nothing mocked."""

import json
import signal
import threading
import time
import unittest

from harness import PDF, RECIPIENT, SLOW, TENANT, World, ask, wait_until
from incidents_world import Operator

WAITING = 260       # more than the flow reads of a state
FAILED = 12
COMES_EVERY = 0.25  # seconds: the load that goes on
ANSWERS_GATE = 10   # seconds, of a page: under sanitizers, on a machine that does other things too
FOLLOWS_GATE = 10   # seconds; goal 1
LASTING_PAUSE = """
[dispatch]
receipt_pace = 50.0
breaker_failures = 3
breaker_pause_ms = 60000
"""
NOBODY = "01a20348-48f3-77b6-beed-000000000000"


class WallClock:
    now = staticmethod(time.time)


class BacklogTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(config_extra=LASTING_PAUSE)
        cls.addClassCleanup(cls.world.__exit__, None, None, None)
        cls.world.start()
        cls.key = json.loads(cls.world.sluse("keys", "create", "--config", cls.world.config, "--admin", "--why", "test", "--json"))["key"]

    def admin(self, path, act=None):
        method, data = ("GET", None) if act is None else ("POST", json.dumps(act).encode())
        status, _, answer = ask(self.world.admin_url, method, "/admin/v1/" + path, data,
                                {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        assert status < 300, (path, status, answer)
        return json.loads(answer)

    def account(self, name, *roles):
        return self.admin("accounts", {"name": name, "why": "test", "roles": [{"role": role, "tenant": TENANT} for role in roles]})

    def build_backlog(self):
        """Some have been delivered, some have failed, the component goes down and hundreds wait."""
        world = self.world
        self.delivered = world.send(files={"befaring": PDF}, reference="LEVERT")
        self.upstream = world.wait_for(self.delivered, "delivered", seconds=SLOW)["deliveries"][0]["upstreamReference"]
        world.altinn.fault(kind="unknown_recipient", times=FAILED)
        for number in range(FAILED):
            world.send(reference=f"FEIL-{number}")
        wait_until(lambda: self.admin(f"failures?tenant={TENANT}")["total"] == FAILED, SLOW, world.gateway.words)
        world.altinn.process.kill()
        for number in range(WAITING):
            world.send(reference=f"KØ-{number}")

    def keep_coming(self, over):
        """Letters, as long as the test lasts."""
        number = 0
        while not over.wait(COMES_EVERY):
            number += 1
            try:
                self.world.send(reference=f"NY-{number}")
            except (OSError, AssertionError):
                return      # the program is stopped, by the test

    def answers(self, hash, css, text=None):
        """The page is there, with this on it."""
        began = time.monotonic()
        self.operator.do("open", hash=hash)
        shown = self.operator.do("see", css=css, **({"text": text} if text else {}))
        took = time.monotonic() - began
        self.assertLess(took, ANSWERS_GATE, hash)
        self.told.append(f"{hash.split('/0')[0]} answered after {took * 1000:.0f} ms")
        return shown

    def follows(self, css, text=None):
        """It says something new by itself."""
        took = int(self.operator.do("changes", css=css, **({"text": text} if text else {}))) / 1000
        self.assertLess(took, FOLLOWS_GATE, css)
        self.told.append(f"{css} followed after {took * 1000:.0f} ms (goal 1000)")

    def test_the_console_answers_and_follows_in_the_worst_backlog_and_says_what_it_does_not_know(self):
        self.told = []
        self.build_backlog()
        over = threading.Event()
        load = threading.Thread(target=self.keep_coming, args=(over,))
        load.start()
        self.addCleanup(lambda: (over.set(), load.join(SLOW)))
        self.operator = Operator(self.world.admin_url, WallClock, self.account("vakt", "operator", "archivist"))
        self.addCleanup(self.operator.end)
        self.flow_is_told()
        self.failures_are_listed()
        self.list_offers_what_is_new()
        self.message_is_acted_on()
        self.keys_find_the_letter()
        over.set()
        load.join(SLOW)
        self.four_screens()
        print("\n".join(self.told))

    def flow_is_told(self):
        self.answers("#/flow", "[data-live=yes]", "Direkte")
        self.assertRegex(self.operator.do("see", css="table", text="Flyten som tabell"), r"\b2\d\d[+]")
        picture = self.operator.do("text", css="svg.flow", text="Bryter åpen")
        for words in ("byggesak", "brev", "altinn-test", "Altinn melding", "Venter", "⚠"):
            self.assertIn(words, picture)
        self.follows("[role=region][aria-label='Alle meldinger etter fagsystem']")
        # A box leads to its messages: what fails first.
        self.operator.do("click", css="svg.flow a.node", text="altinn-test")
        self.assertIn("FEIL-", self.operator.do("see", css="main tbody tr"))

    def failures_are_listed(self):
        self.assertIn(str(FAILED), self.answers("#/failures", "article.card"))

    def list_offers_what_is_new(self):
        operator = self.operator
        self.answers("#/messages", "main tbody tr")
        operator.do("choose", css="select[name=state]", value="")
        operator.do("fill", css="input[name=connection]", value="")
        operator.do("click", css="form.search button.main")
        first = operator.do("see", css="main tbody tr")
        operator.do("see", css="[data-live=yes]", text="nye treff meldes her")
        self.assertRegex(operator.do("see", css="button[data-new]"), r"^\d+[+]? nye: vis$")
        self.assertEqual(first, operator.do("see", css="main tbody tr"))      # nothing jumped
        operator.do("click", css="button[data-new]")
        self.assertNotEqual(first, operator.do("see", css="main tbody tr"))

    def message_is_acted_on(self):
        waits = self.admin(f"messages?tenant={TENANT}&reference=K%C3%98-1")["items"][0]["id"]
        self.answers(f"#/messages/{waits}", "[data-live=yes]", "Følger med")
        self.operator.do("click", css="section[aria-labelledby=acts] button", text="Hold tilbake")
        self.operator.do("say", why="venter på svar")
        self.operator.do("see", css=".timeline li", text="venter på svar")
        self.operator.do("see", css="dd[data-state=held]")

    def keys_find_the_letter(self):
        """File names are content: for a purpose, and for a while."""
        operator = self.operator
        self.answers("#/messages", "form.search")
        operator.do("click", css="[data-content=closed] button")
        operator.do("say", why="innsyn 2026/17")
        operator.do("see", css="[data-content=open]")
        for by, value in (("upstream", self.upstream), ("fileName", "befaring.pdf"), ("organisation", RECIPIENT)):
            operator.do("choose", css="select[name=by]", value=by)
            operator.do("fill", css="input[name=value]", value=value)
            operator.do("choose", css="select[name=state]", value="delivered")
            operator.do("click", css="form.search button.main")
            self.assertIn("LEVERT", operator.do("see", css="main tbody tr"))
            self.assertEqual("1", operator.do("count", css="main tbody tr"), by)

    def four_screens(self):
        operator, gateway = self.operator, self.world.gateway
        # Nothing there.
        operator.do("choose", css="select[name=by]", value="reference")
        operator.do("fill", css="input[name=value]", value="finnes ikke")
        operator.do("click", css="form.search button.main")
        screens = [operator.do("see", css="main [data-screen=empty]")]
        operator.do("open", hash=f"#/messages/{NOBODY}")
        unknown = operator.do("see", css="main [data-screen=empty]")
        # It hangs: still searching, until it answers.
        gateway.process.send_signal(signal.SIGSTOP)
        try:
            operator.do("go", hash="#/messages")
            screens.append(operator.do("see", css="main [data-screen=searching]"))
            operator.do("go", hash=f"#/messages/{self.delivered}")
            operator.do("see", css="main [data-screen=searching]")
        finally:
            gateway.process.send_signal(signal.SIGCONT)
        operator.do("see", css=".timeline li", text="Levert")
        operator.do("see", css="[data-live=yes]")
        # It is gone: what is shown stays and says that it is not live; what is asked for has failed.
        gateway.kill()
        operator.do("see", css="[data-live=no]", text="Ikke direkte")
        self.assertNotEqual("0", operator.do("count", css=".timeline li"))
        operator.do("go", hash="#/messages")
        screens.append(operator.do("see", css="main [data-screen=failed]"))
        operator.do("go", hash=f"#/messages/{self.delivered}")
        failed = operator.do("see", css="main [data-screen=failed]")
        operator.do("go", hash="#/flow")
        operator.do("see", css="main [data-screen=failed]")
        # Somebody who may not.
        operator.do("go", hash="#/audit")
        screens.append(operator.do("see", css="main [data-screen=forbidden]"))
        self.assertEqual(4, len(set(screens)), screens)
        self.assertEqual(2, len({unknown, failed}))


if __name__ == "__main__":
    unittest.main(verbosity=2)
