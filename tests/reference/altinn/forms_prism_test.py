"""Forms with the real program, and Prism as a proxy before Events, Storage, the app and the token exchange: no call of ours, and
no answer to it, breaks a document.
"""

import contextlib
import json
import unittest

from watch import DOCUMENTS, prism, watching  # first: it knows where the harness is
from forms_world import FormsWorld
from harness import SLOW, wait_until

# Prism reads bodies as text, and would change bytes that are none.
DATA = [{"dataType": "model", "contentType": "application/xml", "text": "<skjema><svar>ja</svar></skjema>"},
        {"dataType": "ref-data-as-pdf", "contentType": "application/pdf", "filename": "kvittering.pdf", "text": "%PDF-1.4"},
        {"dataType": "vedlegg", "contentType": "text/plain", "filename": "notat.txt", "text": "Et vedlegg på norsk."}]
EVENTS, STORAGE = "/events/api/v1", "/storage/api/v1"


def storage_document(folder):
    """The derived document, with its one known defect mended: a file is of its own type, not always an octet-stream."""
    document = json.loads((DOCUMENTS / "altinn-storage-v1.derived.openapi.json").read_text())
    of_form = document["paths"][STORAGE + "/instances/{instanceOwnerPartyId}/{instanceGuid}/data/{dataGuid}"]["get"]["responses"]["200"]
    given = document["paths"][STORAGE + "/instances/{instanceOwnerPartyId}/{instanceGuid}/data"]["post"]["requestBody"]
    for file in (of_form, given):
        for one in DATA:
            file["content"][one["contentType"]] = file["content"]["application/octet-stream"]
    (folder / "storage.json").write_text(json.dumps(document))
    return folder / "storage.json"


class FormsPrismTest(unittest.TestCase):
    @contextlib.contextmanager
    def world(self, **settings):
        with contextlib.ExitStack() as running:
            watch = running.enter_context(watching(self))
            world = running.enter_context(FormsWorld(forms_options=("--public-url", watch.url), **settings))
            world.start_standins()
            watch.standin = world.forms.url
            for prefix, document in ((EVENTS, DOCUMENTS / "altinn-events-v1.derived.openapi.json"),
                                     (STORAGE, storage_document(world.folder)),
                                     ("/sandkassa/", DOCUMENTS / "altinn-app-api-v1.openapi.json"),
                                     ("/authentication/", DOCUMENTS / "altinn-authentication-v1.derived.openapi.json")):
                judge = running.enter_context(prism(world.folder, document, watch.standin))
                watch.judges.append((prefix, judge))
            world.forms_url = watch.url     # what the configuration is written with
            try:
                yield world, watch
            finally:
                world.gateway.kill()        # before the proxies go

    def comes_in(self, world, forms):
        wait_until(lambda: all(world.confirmed(form) for form in forms), SLOW, world.gateway.words)
        came = {one["instance"]: one for one in world.arrived()}
        self.assertEqual(set(forms), set(came))
        for form in forms:
            self.assertEqual(world.instance(form)["sha256"], {one["externalId"]: one["sha256"] for one in came[form]["documents"]})

    def test_pushed_and_fed_forms_go_through_the_proxies_without_a_violation(self):
        with self.world() as (world, watch):
            world.start()
            world.wait_validated(SLOW)
            pushed = world.submit(data=DATA)
            self.comes_in(world, [pushed])
            world.forms.fault(kind="lost_webhook", times=1)
            fed = world.submit(data=DATA)
            self.comes_in(world, [pushed, fed])
        self.assertEqual(2, sum(count for (method, path), count in watch.asked.items() if path.endswith("/complete")))
        self.assertEqual(6, sum(count for (method, path), count in watch.asked.items() if "/data/" in path))
        self.assertEqual(1, watch.asked[("POST", EVENTS + "/subscriptions")])
        self.assertGreater(watch.asked[("GET", EVENTS + "/events")], 1)
        self.assertGreater(sum(count for (method, path), count in watch.asked.items() if path.startswith("/authentication/")), 0)

    def test_lists_of_several_pages_go_through_the_proxies_without_a_violation(self):
        with self.world(webhooks=False) as (world, watch):
            world.forms.control("/control/pace", {"token_bytes": 2000})
            world.forms.fault(kind="no_event", times=0)
            made = world.forms.control("/control/forms", {"count": 110, "data": []})["instances"]
            world.start()
            self.comes_in(world, made)
        self.assertGreaterEqual(watch.asked[("GET", STORAGE + "/instances")], 4)     # two lists of two pages

    def test_answers_and_prefilled_forms_go_through_the_proxies_without_a_violation(self):
        with self.world(webhooks=False) as (world, watch):
            world.start()
            form = world.submit(data=DATA)
            file = world.store(b"%PDF-1.7 vedtak")
            document = {"sha256": file, "name": "Vedtak på søknad.pdf", "mediaType": "application/pdf", "documentType": "vedtak"}
            world.inbox.ack(world.inbox.wait_for_one(), answer={"substatus": {"label": "Innvilget"}, "documents": [document]})
            wait_until(lambda: world.instance(form)["status"].get("substatus"), SLOW, world.gateway.words)
            self.assertEqual([("Vedtak på søknad.pdf", file)], world.given_back(form))
            world.key = world.inbox.key
            world.forms.fault(kind="cut_after_write", times=1, match={"method": "POST", "path_suffix": "/create"})
            status, answer = world.post(world.prefilled(dueAt="2099-01-01T00:00:00Z"))
            self.assertEqual(202, status, answer)
            world.wait_for(answer["id"], "delivered", seconds=SLOW)
        self.assertEqual(1, watch.asked[("PUT", f"/sandkassa/skjema/instances/{form}/substatus")])
        self.assertEqual(1, watch.asked[("POST", f"{STORAGE}/instances/{form}/data")])
        self.assertEqual(1, watch.asked[("POST", "/sandkassa/skjema/instances/create")])

    def test_a_given_up_subscription_goes_through_the_proxies_without_a_violation(self):
        with self.world() as (world, watch):
            world.start()
            world.wait_validated(SLOW)
            world.gateway.stop(SLOW)
            world.webhooks = False
            world.write_config()
            world.start_gateway()
            wait_until(lambda: not world.subscriptions(), SLOW, world.gateway.words)
        self.assertEqual(1, sum(count for (method, path), count in watch.asked.items() if method == "DELETE"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
