"""docker/compose.yaml: has the form of the Compose Specification, hardens each service, and says what the Dockerfile says."""

import json
import pathlib
import re
import unittest

import yaml

DOCKER = pathlib.Path(__file__).resolve().parents[2] / "docker"
SIZE = re.compile(r"^[1-9][0-9]*(b|k|m|g|kb|mb|gb)$")
DURATION = re.compile(r"^([0-9]+(us|ms|s|m|h))+$")
NAME = re.compile(r"^[a-zA-Z0-9._-]+$")


def words(value):
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def table(value):
    """A map of names to text, number, or nothing."""
    return isinstance(value, dict) and all(isinstance(one, (str, int, float, type(None))) for one in value.values())


def text(value):
    return isinstance(value, str) and value != ""


def number(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def matching(pattern):
    return lambda value: isinstance(value, str) and pattern.match(value) is not None


def members(rules, needed=()):
    def check(value):
        return (isinstance(value, dict) and set(needed) <= set(value)
                and all(name in rules and rules[name](one) for name, one in value.items()))
    return check


def each(rule):
    return lambda value: isinstance(value, list) and all(rule(one) for one in value)


# The words of the Compose Specification that are used here, each with the form it demands. Another word is a mistake until it
# is listed, with its form.
SERVICE = {
    "image": text,
    "user": text,
    "init": lambda value: isinstance(value, bool),
    "read_only": lambda value: isinstance(value, bool),
    "cap_drop": words,
    "security_opt": words,
    "tmpfs": words,
    "pids_limit": number,
    "mem_limit": matching(SIZE),
    "ulimits": lambda value: isinstance(value, dict) and all(number(one) for one in value.values()),
    "logging": members({"driver": text, "options": table}),
    "command": words,
    "entrypoint": words,
    "restart": lambda value: value in ("no", "always", "on-failure", "unless-stopped"),
    "stop_grace_period": matching(DURATION),
    "ports": each(matching(re.compile(r"^(([0-9.]+:)?[0-9]+:)?[0-9]+$"))),
    "profiles": each(matching(re.compile(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$"))),
    "network_mode": text,
    "environment": table,
    "volumes": each(members({"type": lambda value: value in ("bind", "volume", "tmpfs"), "source": text, "target": text,
                             "read_only": lambda value: isinstance(value, bool)}, needed=("type", "target"))),
    "healthcheck": members({"test": words, "interval": matching(DURATION), "timeout": matching(DURATION),
                            "start_period": matching(DURATION), "retries": number}, needed=("test",)),
}


def faults(document):
    """What is wrong with the form, as sentences."""
    found = []
    for name in document:
        if name not in ("name", "services", "volumes") and not name.startswith("x-"):
            found.append(f"{name} is no word of a Compose file here")
    for name, service in document.get("services", {}).items():
        if not NAME.match(name):
            found.append(f"{name} is no name of a service")
        for word, value in service.items():
            if word not in SERVICE:
                found.append(f"{name}.{word} is no word of a service here")
            elif not SERVICE[word](value):
                found.append(f"{name}.{word} has the wrong form: {value!r}")
        if "image" not in service:
            found.append(f"{name} has no image")
        if "ports" in service and service.get("network_mode") == "host":
            found.append(f"{name} cannot publish ports of the machine's own network")
        for mount in service.get("volumes", []):
            if mount.get("type") == "volume" and mount.get("source") not in document.get("volumes", {}):
                found.append(f"{name} uses a volume that is not declared: {mount.get('source')}")
    return found


def load(source=None):
    return yaml.safe_load(source or (DOCKER / "compose.yaml").read_text())


class ComposeTest(unittest.TestCase):
    def test_it_has_the_form_of_the_specification(self):
        self.assertEqual([], faults(load()))
        self.assertEqual({"gateway", "sandbox"}, set(load()["services"]))

    def test_mistakes_of_form_are_found(self):
        good = "name: a\nservices: {gateway: {image: sluse, volumes: [{type: volume, source: data, target: /d}]}}\nvolumes: {data: {}}\n"
        self.assertEqual([], faults(load(good)))
        for wrong in ("services: {a: {image: x, cap_drop: ALL}}", "services: {a: {image: x, readonly: true}}",
                      "services: {a: {command: [x]}}", "service: {}", "services: {a: {image: x, stop_grace_period: 45}}",
                      "services: {a: {image: x, ports: [8443], network_mode: host}}", "services: {a: {image: x, ports: [\"a:b\"]}}",
                      "services: {a: {image: x, healthcheck: {interval: 3s}}}", "services: {a: {image: x, restart: sometimes}}",
                      good.replace("volumes: {data: {}}", "")):
            self.assertNotEqual([], faults(load(wrong)), wrong)

    def test_every_service_can_write_nothing_but_its_volume_and_become_nobody_else(self):
        for name, service in load()["services"].items():
            with self.subTest(name):
                self.assertTrue(service["read_only"])
                self.assertEqual(["ALL"], service["cap_drop"])
                self.assertIn("no-new-privileges:true", service["security_opt"])
                self.assertNotIn("cap_add", service)
                self.assertNotIn("privileged", service)
                self.assertEqual("10001:10001", service["user"])
                for mount in service["tmpfs"]:
                    self.assertLessEqual({"noexec", "nosuid", "nodev"}, set(mount.split(":")[1].split(",")))
                writable = [mount["target"] for mount in service["volumes"] if not mount.get("read_only")]
                self.assertEqual(["/var/lib/sluse"], writable)
                self.assertIn("mem_limit", service)
                self.assertIn("pids_limit", service)

    def test_the_gateway_is_started_checked_and_stopped_as_the_image_says(self):
        dockerfile = (DOCKER / "Dockerfile").read_text()
        gateway = load()["services"]["gateway"]
        said = re.search(r"^HEALTHCHECK --interval=(\S+) --timeout=(\S+) --start-period=(\S+) --retries=(\S+) CMD (\[.*\])$",
                         dockerfile, re.MULTILINE)
        check = gateway["healthcheck"]
        self.assertEqual(["CMD", *json.loads(said[5])], check["test"])
        self.assertEqual(list(said.groups()[:4]), [str(check[word]) for word in ("interval", "timeout", "start_period", "retries")])
        self.assertEqual(gateway["command"], json.loads(re.search(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)[1]))
        self.assertEqual(gateway["user"], re.search(r"^USER (\S+)$", dockerfile, re.MULTILINE)[1])
        port = re.search(r"^EXPOSE (\S+)$", dockerfile, re.MULTILINE)[1]
        self.assertEqual([f"{port}:{port}"], gateway["ports"])
        # It must be longer than the service takes to let go of what is under way.
        example = (DOCKER.parent / "config" / "example" / "sluse.toml").read_text()
        drain = int(re.search(r"^drain_seconds_max = (\d+)", example, re.MULTILINE)[1])
        self.assertGreater(int(gateway["stop_grace_period"].rstrip("s")), drain)


if __name__ == "__main__":
    unittest.main(verbosity=2)
