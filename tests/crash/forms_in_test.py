"""kill -9 at each step of a form's way in: it is stored once, with all its files, and confirmed to Altinn only then; of what the
system says of it, back to Altinn; and of a prefilled form on its way out."""

import contextlib
import pathlib
import sqlite3
import sys
import unittest

from places import crash, crash_points

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from forms_world import FormsWorld  # noqa: E402
from harness import PDF, SLOW, wait_until  # noqa: E402

# Passed at the first start, before there is any form.
SUBSCRIBING = ("altinn_forms.before_subscribe", "altinn_forms.subscribed")
# Passed by a form on its way out.
PDF_NAME = "Vedtak på søknad.pdf"
BACK = ("altinn_forms.before_feedback", "altinn_forms.feedback_sent")
OUT = ("altinn_forms.before_prefill", "altinn_forms.prefill_sent")


class FormsInTest(unittest.TestCase):
    def stored(self, world):
        """How many forms the store holds, whatever becomes of them: read past the program, which is dead."""
        database = next(world.data.rglob("*.db"))
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
            return store.execute("SELECT count(*) FROM inbound WHERE connection = 'altinn-forms'").fetchone()[0]

    def wait_killed(self, world, point):
        wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
        self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())

    def comes_in_once(self, world, form):
        wait_until(lambda: world.confirmed(form), SLOW, world.gateway.words)
        self.assertEqual([form], [one["instance"] for one in world.arrived()])
        files = {one["externalId"]: one["sha256"] for one in world.arrived()[0]["documents"]}
        self.assertEqual(world.instance(form)["sha256"], files)
        # The feed and the lists tell of it again; a second one comes in beside it, and nothing else.
        other = world.submit()
        wait_until(lambda: world.confirmed(other), SLOW, world.gateway.words)
        self.assertEqual(2, self.stored(world))
        self.assertEqual([], world.aside())

    def only_the_hint_tells(self, world):
        """Neither feed nor lists nor another attempt of Altinn's."""
        world.hold_back_feed()
        world.forms.fault(kind="status", status=503, times=0, match={"path_suffix": "/storage/api/v1/instances"})
        world.forms.fault(kind="lost_webhook", times=0)

    def try_form(self, point):
        with FormsWorld(webhooks=point == "altinn_forms.hint_kept") as world:
            world.start()
            if world.webhooks:
                world.wait_validated(SLOW)
                world.hold_back_feed()
            world.gateway.stop(SLOW)
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            form = world.submit()
            self.wait_killed(world, point)
            if world.instance(form)["completeConfirmations"]:
                self.assertEqual(1, self.stored(world), "confirmed before it was durable")
            if world.webhooks:
                self.only_the_hint_tells(world)
            world.start_gateway()
            if world.webhooks:
                wait_until(lambda: world.confirmed(form), SLOW, world.gateway.words)
                world.forms.control("/control/faults", method="DELETE")
                world.hold_back_feed(0)
            self.comes_in_once(world, form)

    def try_subscribing(self, point):
        with FormsWorld() as world:
            world.start_standins()
            world.write_config()
            with contextlib.suppress(AssertionError):     # it may die before it says that it is ready
                world.start_gateway({"SLUSE_CRASH_POINT": point})
            self.wait_killed(world, point)
            world.start()
            world.wait_validated(SLOW)
            world.hold_back_feed()
            form = world.submit()
            wait_until(lambda: world.confirmed(form), SLOW, world.gateway.words)
            self.assertEqual([form], [one["instance"] for one in world.arrived()])


    def try_back(self, point):
        with FormsWorld(webhooks=False) as world:
            world.start()
            form = world.submit()
            item = world.inbox.wait_for_one()
            world.gateway.stop(SLOW)
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            file = world.store(PDF)
            answer = {"substatus": {"label": "Innvilget"},
                      "documents": [{"sha256": file, "name": PDF_NAME, "mediaType": "application/pdf", "documentType": "vedtak"}]}
            world.inbox.ack(item, answer=answer)
            self.wait_killed(world, point)
            self.assertEqual([(PDF_NAME, file)] if point == "altinn_forms.feedback_sent" else [], world.given_back(form))
            world.start_gateway_after_claims()
            wait_until(lambda: world.instance(form)["status"].get("substatus"), SLOW, world.gateway.words)
            self.assertEqual([(PDF_NAME, file)], world.given_back(form))
            self.assertEqual("acknowledged", world.inbox.state(item["id"]))

    def try_out(self, point):
        with FormsWorld(webhooks=False) as world:
            world.start()
            world.key = world.inbox.key
            world.gateway.stop(SLOW)
            accepted = crash(self, world, point, world.prefilled(), None, f"krasj-{point}")
            self.assertIsNotNone(accepted)
            self.assertEqual(1 if point == "altinn_forms.prefill_sent" else 0, len(world.forms.state()["instances"]))
            # What was cut off may still arrive: it is believed missing two minutes later.
            world.start_gateway_after_claims()
            world.wait_for(accepted, "delivered", seconds=SLOW)
            made = world.forms.state()["instances"]
            self.assertEqual([world.message(accepted)["deliveries"][0]["upstreamReference"]], [one["id"] for one in made])


def test_of(point, name):
    def test(self):
        ways = [(SUBSCRIBING, self.try_subscribing), (BACK, self.try_back), (OUT, self.try_out)]
        next((way for points, way in ways if point in points), self.try_form)(point)
    test.__name__ = name
    test.__doc__ = f"A form survives a kill at {point}."
    return test


for _point in crash_points():
    if _point.startswith("altinn_forms."):
        _name = f"test_a_form_survives_a_kill_at_{_point.split('.')[1]}"
        setattr(FormsInTest, _name, test_of(_point, _name))


if __name__ == "__main__":
    unittest.main(verbosity=2)
