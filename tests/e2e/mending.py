"""Operators' calls about failed messages, with a key of theirs."""

import json

from harness import SLOW, World, ask


class Mending(World):
    """Letters to Altinn, of which some fail, and an operator."""

    def start(self, environment=None):
        super().start(environment)
        self.operator = json.loads(self.sluse("keys", "create", "--config", self.config, "--admin", "--why", "test", "--json"))["key"]

    def operate(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.operator}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        status, _, answer = ask(self.admin_url, method, f"/admin/v1/{path}", data, headers)
        return status, json.loads(answer)

    def content_of(self, message):
        status, shown = self.operate("GET", f"messages/{message}/content")
        assert status == 200, shown
        return shown

    def edit(self, message, patch, version=None, **more):
        version = version or self.content_of(message)["version"]
        return self.operate("POST", f"messages/{message}/edit", {"why": "feil i brevet", "version": version, "patch": patch, **more})

    def resend(self, message, version, way, **more):
        body = {"why": "ressursen finnes ikke", "version": version, "way": way, **more}
        return self.operate("POST", f"messages/{message}/resend", body)

    def failed_letters(self, count, **members):
        """As many letters that Altinn does not take; it takes what comes after them."""
        self.altinn.fault(kind="unknown_recipient", times=count)
        letters = [self.send(reference=f"feiler-{number}", **members) for number in range(count)]
        for letter in letters:
            self.wait_for(letter, "failed", seconds=SLOW)
        return letters
