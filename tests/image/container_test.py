"""The container image: what is in it, and its program run as a container engine would run it (contained.py).

./docker/build makes it anew from the release tree; then it is unpacked from the OCI archive, layer by layer.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from contained import USER  # noqa: E402
from harness import BUILD, SOURCE, TENANT, ask, Process  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
IMAGE = {}      # filled once: root (unpacked), config (OCI), inspected (with Docker's health check)


def blob(archive, digest):
    """The bytes a digest names, which must be the bytes it names."""
    algorithm, value = digest.split(":")
    data = archive.extractfile(f"blobs/{algorithm}/{value}").read()
    assert hashlib.sha256(data).hexdigest() == value, digest
    return data


def unpack(path, root):
    """Unpacks the archive's one image; returns its configuration."""
    with tarfile.open(path) as archive:
        index = json.load(archive.extractfile("index.json"))
        assert len(index["manifests"]) == 1, index
        manifest = json.loads(blob(archive, index["manifests"][0]["digest"]))
        assert manifest["mediaType"] == "application/vnd.oci.image.manifest.v1+json", manifest
        for layer in manifest["layers"]:
            with tempfile.NamedTemporaryFile() as file:
                file.write(blob(archive, layer["digest"]))
                file.flush()
                with tarfile.open(file.name) as files:
                    whiteouts = [name for name in files.getnames() if "/.wh." in f"/{name}"]
                    assert not whiteouts, whiteouts
                subprocess.run(["tar", "--extract", "--numeric-owner", "--same-permissions", "--file", file.name,
                                "--directory", root], check=True)
        return json.loads(blob(archive, manifest["config"]["digest"]))


def setUpModule():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sluse-image-"))
    IMAGE["folder"] = folder
    unittest.addModuleCleanup(shutil.rmtree, folder, ignore_errors=True)
    archive = folder / "sluse.oci.tar"
    done = subprocess.run([SOURCE / "docker" / "build", BUILD, archive], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"docker/build gave {done.returncode}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    print(done.stdout.splitlines()[-1], flush=True)
    IMAGE["root"] = folder / "root"
    IMAGE["root"].mkdir()
    IMAGE["config"] = unpack(archive, IMAGE["root"])
    IMAGE["inspected"] = json.loads((BUILD / "image" / "inspected.json").read_text())


def environment():
    return [word for one in IMAGE["config"]["config"]["Env"] for word in ("--environment", one)]


def contained(program, *arguments, mounts=()):
    """The command line that runs a program of the image in a container."""
    return ["unshare", "--mount", sys.executable, "-B", HERE / "contained.py", IMAGE["root"], *environment(),
            *[word for one in mounts for word in ("--mount", one)], "--", program, *arguments]


def run(program, *arguments, mounts=()):
    return subprocess.run([str(word) for word in contained(program, *arguments, mounts=mounts)], capture_output=True, text=True,
                          timeout=180)


def everything():
    """Each path of the image as it is inside, with its status."""
    root = IMAGE["root"]
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = pathlib.Path(folder, name)
            yield "/" + str(path.relative_to(root)), path, path.lstat()


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


class Place:
    """A volume and a configuration, owned as an installation would have them."""

    def __init__(self, name):
        self.folder = IMAGE["folder"] / name
        self.data, self.config = self.folder / "data", self.folder / "config"
        self.data.mkdir(parents=True)
        os.chown(self.data, USER, USER)
        self.data.chmod(0o700)
        shutil.copytree(SOURCE / "config" / "example", self.config)
        self.mounts = [f"{self.data}:/var/lib/sluse", f"{self.config}:/etc/sluse:ro"]

    def write_config(self):
        """The gateway on TLS, its components out of reach: that must not keep it from accepting."""
        shutil.rmtree(self.config)
        (self.config / "tenants").mkdir(parents=True)
        openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                   "-keyout", self.config / "server.key", "-out", self.config / "server.pem"]
        subprocess.run(openssl, check=True, capture_output=True)
        sealing_key = self.config / f"{TENANT}.sealing"      # made inside, where only the volume can be written
        made = run("/usr/bin/sluse", "keys", "create-tenant-key", "--out", "/var/lib/sluse/tenant.key", mounts=self.mounts)
        assert made.returncode == 0, made.stderr
        (self.data / "tenant.key").rename(sealing_key)
        (self.config / "sluse.toml").write_text("""
[listen.public]
address = "127.0.0.1:0"
certificate = "file:/etc/sluse/server.pem"
key = "file:/etc/sluse/server.key"
[listen.admin]
address = "127.0.0.1:0"
[store]
path = "/var/lib/sluse"
[connection.echo]
adapter = "echo"
base_url = "http://127.0.0.1:9"
tenants = ["%s"]
""" % TENANT)
        (self.config / "tenants" / f"{TENANT}.toml").write_text(f"""
[tenant]
name = "Prøve kommune"
sealing_key = "file:/etc/sluse/{sealing_key.name}"
[system.byggesak]
grants = ["send:letter"]
[[route]]
type = "letter/v1"
use = [{{ connection = "echo" }}]
""")
        for path in [self.config, *self.config.rglob("*")]:
            os.chown(path, USER, USER)


class TheImage(unittest.TestCase):
    def test_it_starts_the_gateway_as_a_user_that_is_not_root(self):
        config = IMAGE["config"]["config"]
        self.assertEqual(f"{USER}:{USER}", config["User"])
        self.assertEqual(["/usr/bin/sluse"], config["Entrypoint"])
        self.assertEqual(["serve"], config["Cmd"])
        self.assertEqual({"/var/lib/sluse": {}}, config["Volumes"])
        self.assertEqual({"8443/tcp": {}}, config["ExposedPorts"])
        self.assertEqual("SIGTERM", config["StopSignal"])
        self.assertEqual("Apache-2.0", config["Labels"]["org.opencontainers.image.licenses"])
        self.assertEqual(["CMD", "/usr/bin/sluse", "health"], IMAGE["inspected"]["Docker"]["config"]["Healthcheck"]["Test"])

    def test_it_holds_nothing_to_run_but_the_gateway_and_the_imitations(self):
        programs = {inside for inside, path, status in everything()
                    if stat.S_ISREG(status.st_mode) and status.st_mode & 0o111 and not re.search(r"\.so(\.|$)", inside)}
        imitations = {f"/usr/lib/sluse/standins/{path.name}" for path in (BUILD / "lib" / "sluse" / "standins").glob("standin-*")}
        self.assertEqual({"/usr/bin/sluse", *imitations}, programs)
        for inside, _, status in everything():
            self.assertFalse(status.st_mode & (stat.S_ISUID | stat.S_ISGID), inside)
            self.assertTrue(stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode) or stat.S_ISLNK(status.st_mode), inside)

    def test_nothing_in_it_belongs_to_its_user_or_can_be_written_by_him_but_the_volume(self):
        writable = {inside for inside, _, status in everything() if not stat.S_ISLNK(status.st_mode)
                    and (status.st_uid == USER or status.st_gid == USER or status.st_mode & stat.S_IWOTH)}
        self.assertEqual({"/var/lib/sluse"}, writable)
        self.assertEqual(0o700, stat.S_IMODE((IMAGE["root"] / "var/lib/sluse").stat().st_mode))

    def test_every_library_that_is_needed_is_inside(self):
        ours = [inside for inside, path, status in everything()
                if inside.startswith(("/usr/bin/", "/usr/lib/sluse/")) and stat.S_ISREG(status.st_mode) and is_elf(path)]
        self.assertGreater(len(ours), 6)
        for inside in ours:
            listed = run("/lib64/ld-linux-x86-64.so.2", "--list", inside)
            self.assertEqual(0, listed.returncode, (inside, listed.stderr))
            self.assertNotIn("not found", listed.stdout, inside)

    def test_it_says_which_packages_it_holds_and_keeps_their_licences(self):
        packages = {path.name for path in (IMAGE["root"] / "var/lib/dpkg/status.d").iterdir()}
        self.assertLessEqual({"libc6", "libssl3", "libsqlite3-0", "libtcmalloc-minimal4", "ca-certificates"}, packages)
        self.assertEqual(packages, {path.name for path in (IMAGE["root"] / "usr/share/doc").iterdir()})
        roots = (IMAGE["root"] / "etc/ssl/certs/ca-certificates.crt").read_text()
        self.assertGreater(roots.count("BEGIN CERTIFICATE"), 100)


class TheProgramInIt(unittest.TestCase):
    def test_it_says_its_version_which_is_the_images(self):
        for word in ("--version", "version"):
            said = run("/usr/bin/sluse", word)
            self.assertEqual((0, ""), (said.returncode, said.stderr))
            self.assertEqual("sluse " + IMAGE["config"]["config"]["Labels"]["org.opencontainers.image.version"], said.stdout.strip())

    def test_it_finds_the_mistakes_of_a_configuration(self):
        place = Place("check")
        found = run("/usr/bin/sluse", "check", mounts=place.mounts)      # its secrets are not there
        self.assertEqual(1, found.returncode, found.stderr)
        self.assertRegex(found.stdout + found.stderr, r"sluse\.toml:\d+:\d+: ")
        place.write_config()
        found = run("/usr/bin/sluse", "check", mounts=place.mounts)
        self.assertEqual(0, found.returncode, found.stdout + found.stderr)

    def test_it_serves_with_a_read_only_root_is_healthy_and_stops_when_told(self):
        place = Place("serve")
        place.write_config()
        gateway = Process(contained("/usr/bin/sluse", "serve", "--ready-json", mounts=place.mounts), place.folder / "log")
        try:
            facts = gateway.ready()
            self.assertTrue(facts["public"].startswith("https://"), facts)
            self.assertEqual(200, ask(facts["admin"], path="/readyz")[0])
            health = run("/usr/bin/sluse", "health", mounts=place.mounts)
            self.assertEqual(0, health.returncode, health.stdout + health.stderr)
            status = pathlib.Path(f"/proc/{gateway.pid}/status").read_text()
            self.assertRegex(status, rf"(?m)^Uid:(\t{USER}){{4}}$")
            self.assertRegex(status, r"(?m)^CapEff:\t0{16}$")
            self.assertRegex(status, r"(?m)^CapBnd:\t0{16}$")
            self.assertRegex(status, r"(?m)^NoNewPrivs:\t1$")
        finally:
            code = gateway.stop()
        self.assertEqual(0, code, gateway.words())
        self.assertEqual({USER}, {path.stat().st_uid for path in place.data.rglob("*")})
        health = run("/usr/bin/sluse", "health", mounts=place.mounts)
        self.assertEqual(3, health.returncode, health.stdout)

    def test_it_does_not_start_when_its_volume_is_not_its_own(self):
        place = Place("foreign")
        place.write_config()
        os.chown(place.data, 0, 0)
        refused = run("/usr/bin/sluse", "serve", mounts=place.mounts)
        self.assertEqual(73, refused.returncode, refused.stdout + refused.stderr)
        self.assertIn("/var/lib/sluse", refused.stderr)

    def test_the_demo_delivers_a_letter_in_it(self):
        place = Place("demo")
        done = run("/usr/bin/sluse", "--lang", "en", "sandbox", "--demo", mounts=place.mounts)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertIn("Altinn has exactly one letter", done.stdout)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("skipped: an image is made and run by root alone")
        sys.exit(77)
    unittest.main(verbosity=2)
