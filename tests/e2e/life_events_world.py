"""A world whose systems are told of what happens: two purposes with events of people, one with those of organisations alone."""

import json

from harness import ask, SLOW, wait_until
from registers_world import GRANTS, RegistersWorld

EVENTS = 'events = ["person.moved", "person.died", "person.born", "person.contact-changed"]\n'
OF_ORGANISATIONS = 'events = ["organisation.changed", "organisation.deleted"]\n'


def with_events(grants):
    """Purposes "opptak" and "barnevern" may be told of people, "nabovarsel" of organisations."""
    for purpose, events in (("opptak", EVENTS), ("barnevern", EVENTS), ("nabovarsel", OF_ORGANISATIONS)):
        grants = grants.replace(f"[purpose.{purpose}]\n", f"[purpose.{purpose}]\n{events}")
    # Child welfare may know by which number a person goes now, and whose child somebody is.
    return grants.replace('person = ["names", "addresses", "protection"]',
                          'person = ["names", "addresses", "protection", "nationalIds", "family"]')


class LifeEventsWorld(RegistersWorld):
    def __init__(self, more_config="", **settings):
        super().__init__(**settings)
        self.config_extra = self.config_extra.replace("[records]\n", "[records]\nfeed_seconds = 1\n") + more_config
        self.tenant_extra = with_events(GRANTS)

    def happens(self, person, act, **members):
        return self.persons.control("/control/person", {"number": person["number"], "act": act, **members})

    def events(self, purpose, types=("no.sluse.person.", "no.sluse.organisation.")):
        """Life events that the purpose's system may see, oldest first."""
        status, _, answer = ask(self.url, "GET", "/v1/events?limit=1000", None, {"Authorization": f"Bearer {self.keys[purpose]}"})
        assert status == 200, answer
        return [one for one in json.loads(answer)["items"] if one["type"].startswith(types)]

    def wait_for_events(self, purpose, count):
        wait_until(lambda: len(self.events(purpose)) >= count, SLOW, lambda: f"{self.events(purpose)} {self.gateway.words()}")
        told = self.events(purpose)
        assert len(told) == count, told
        return told

    def told_in_log(self, handles):
        entries = []
        for handle in handles:
            status, log, _ = self.ask_records("GET", f"/v1/persons/{handle}/access-log")
            assert status == 200, log
            entries += [one for one in log["items"] if one["kind"] == "told"]
        return entries
