"""The parts of ./check and ./sandbox that decide: what to install, when npm runs, how results are counted."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JUNIT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux-c++" tests="4" failures="1" disabled="1" skipped="1" hostname="" time="1">
  <testcase name="accepted is on disk" classname="x" time="0.1" status="run"/>
  <testcase name="lost answer" classname="x" time="0.1" status="fail"><failure message="Failed"/></testcase>
  <testcase name="needs a database" classname="x" time="0" status="notrun"><skipped message="SKIP"/></testcase>
  <testcase name="switched off" classname="x" time="0" status="disabled"/>
</testsuite>
"""


class Scripts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.bin = Path(self.folder.name) / "bin"
        self.bin.mkdir()
        self.calls = Path(self.folder.name) / "calls"
        for name in ("bash", "sed", "id", "env", "tr", "cat", "dirname"):
            (self.bin / name).symlink_to(Path("/usr/bin") / name)

    def tool(self, name, body):
        path = self.bin / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >>"{self.calls}"\n{body}\n', encoding="utf-8")
        path.chmod(0o755)

    def common(self, command):
        """Runs a line of bash after sourcing .ci/common.sh, seeing only our tools."""
        line = f'set -euo pipefail; . "{ROOT}/.ci/common.sh"; {command}'
        environment = {"PATH": str(self.bin), "HOME": self.folder.name}
        return subprocess.run(
            ["/bin/bash", "-c", line], capture_output=True, text=True, check=False, env=environment
        )

    def called(self):
        return self.calls.read_text(encoding="utf-8") if self.calls.exists() else ""

    def summary(self, *arguments):
        command = [sys.executable, "-B", str(ROOT / ".ci" / "summary.py"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def write(self, name, text):
        path = Path(self.folder.name) / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def test_nothing_is_fetched_when_every_package_is_there(self):
        self.tool("dpkg-query", "echo 'ii '")
        self.tool("apt-get", "exit 1")
        result = self.common("install_packages g++ cmake")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("apt-get", self.called())

    def test_only_what_is_missing_is_installed(self):
        self.tool("dpkg-query", '[ "${!#}" = cmake ] || echo "ii "')
        self.tool("apt-get", "exit 0")
        self.tool("sudo", '"$@"')
        result = self.common("install_packages g++ cmake ccache")
        self.assertEqual(result.returncode, 0, result.stderr)
        installs = [line for line in self.called().splitlines() if line.startswith("apt-get install")]
        self.assertEqual([line.split()[-1] for line in installs], ["cmake"])
        self.assertNotIn("g++", installs[0])

    def test_a_package_removed_but_not_purged_is_missing(self):
        self.tool("dpkg-query", "echo 'rc '")
        self.assertEqual(self.common("missing_packages wrk").stdout, "wrk\n")

    def test_a_failed_install_stops_with_the_reason(self):
        self.tool("dpkg-query", "exit 1")
        self.tool("apt-get", '[ "$1" = update ]')
        self.tool("sudo", '"$@"')
        result = self.common("install_packages wrk; echo went on")
        self.assertEqual(result.returncode, 1)
        self.assertIn("could not install: wrk", result.stderr)
        self.assertNotIn("went on", result.stdout)

    def test_a_newer_node_with_npm_is_left_alone(self):
        for version, has_npm, expected in (
            ("v20.20.2", True, ""), ("v18.19.0", True, ""), ("v16.1.0", True, "nodejs\nnpm\n"),
            ("v20.20.2", False, "nodejs\nnpm\n"),
        ):
            with self.subTest(version=version, npm=has_npm):
                self.tool("node", f"echo {version}")
                (self.bin / "npm").unlink(missing_ok=True)
                if has_npm:
                    self.tool("npm", "exit 0")
                self.assertEqual(self.common("node_packages").stdout, expected)
        (self.bin / "node").unlink()
        self.assertEqual(self.common("node_packages").stdout, "nodejs\nnpm\n")

    def test_package_lists_are_names_without_doubles(self):
        lists = [str(ROOT / ".ci" / name) for name in ("packages-build.txt", "packages-sandbox.txt", "packages-test.txt")]
        names = self.common(f"packages_in {' '.join(lists)}").stdout.split("\n")[:-1]
        self.assertGreater(len(names), 20)
        self.assertEqual(len(names), len(set(names)))
        for name in names:
            self.assertRegex(name, r"^[a-z0-9][a-z0-9.+-]+$")

    def test_passed_and_failed_stand_alone_on_the_last_line(self):
        good = self.write("good.xml", JUNIT.replace('status="fail"><failure message="Failed"/>', 'status="run">'))
        result = self.summary(good, good)
        self.assertEqual((result.returncode, result.stdout.splitlines()[-1]), (0, "4 passed, 0 failed"))
        result = self.summary(good, self.write("bad.xml", JUNIT))
        self.assertEqual((result.returncode, result.stdout.splitlines()[-1]), (1, "3 passed, 1 failed"))
        self.assertIn("FAILED: lost answer", result.stdout)
        self.assertIn("did not run: needs a database", result.stdout)

    def test_a_run_without_results_is_a_failure(self):
        for path in (os.path.join(self.folder.name, "absent.xml"), self.write("cut.xml", JUNIT[:200])):
            self.assertEqual(self.summary(path).returncode, 1)
        empty = self.write("empty.xml", '<testsuite name="x" tests="0"></testsuite>')
        self.assertEqual((self.summary(empty).returncode, self.summary().returncode), (1, 1))

    def test_seconds_are_added_up_by_label(self):
        log = self.write("log", "Label Time Summary:\nunit    =   1.50 sec*proc (10 tests)\n"
                                "tidy    =   0.25 sec*proc (1 test)\nunit    =   2.00 sec*proc (5 tests)\n")
        lines = self.summary("--labels", log).stdout.split("\n")
        self.assertEqual(lines[0].split(), ["unit", "3.5", "s", "15", "tests"])
        self.assertEqual(lines[1].split(), ["tidy", "0.2", "s", "1", "tests"])

    def joined(self, **sources):
        """Which of these sources of one target are compiled together."""
        for name, text in sources.items():
            self.write(f"{name}.cpp", text)
        line = "\t".join(["target", *(f"{name}.cpp" for name in sorted(sources))]) + "\n"
        result = subprocess.run([sys.executable, "-B", ROOT / "cmake" / "join.py", self.folder.name, Path(self.folder.name) / "out"],
                                input=line, capture_output=True, text=True, check=True)
        _, joined, left, _, _ = result.stdout.rstrip("\n").split("\t")
        together = [{Path(p).stem for p in re.findall(r'"(.*)"', Path(path).read_text(encoding="utf-8"))} for path in joined.split(";") if path]
        return together, {Path(p).stem for p in left.split(";") if p}

    def test_sources_without_a_name_in_common_are_compiled_together(self):
        one = "namespace {\nint first() {\n    return 1;\n}\n}   // namespace\nint a() { return first(); }\n"
        two = "namespace {\nconstexpr int most = 2;\n}   // namespace\nint b(int first) { return first + most; }\n"
        self.assertEqual(self.joined(a=one, b=two), ([{"a", "b"}], set()))

    def test_a_name_that_two_sources_keep_for_themselves_is_renamed_in_one_of_them(self):
        for mine in ("int same() {\n}\n", "struct same {\n};\n", "constexpr int same = 1;\n"):
            source = "#include <map>\nnamespace {\n" + mine + "}   // namespace\n"
            self.assertEqual(self.joined(a=source, b=source), ([{"a", "b"}], set()))
            self.assertEqual((Path(self.folder.name) / "out/target/0.cpp").read_text(encoding="utf-8").split("\n")[1:],
                             ['#include "b.cpp"', "#include <map>", "#define same same_of_a", '#include "a.cpp"', "#undef same", ""])

    def test_a_name_that_two_sources_keep_for_themselves_parts_them_where_it_may_be_somebody_elses_too(self):
        for use in ("int x() { return y.same; }\n", "int x() { return y->same; }\n", "int x() { return y::same; }\n"):
            source = "namespace {\nint same() {\n}\n}   // namespace\n" + use
            self.assertEqual(self.joined(a=source, b=source), ([], {"a", "b"}))

    def test_a_name_of_one_that_another_calls_is_renamed_in_its_file(self):
        one = "namespace {\nint read(int) {\n    return 1;\n}\n}   // namespace\n"
        self.assertEqual(self.joined(a=one, b="int b() { return read(1); }\n")[0], [{"a", "b"}])
        self.assertIn("#define read read_of_a\n#include \"a.cpp\"\n#undef read\n",
                      (Path(self.folder.name) / "out/target/0.cpp").read_text(encoding="utf-8"))

    def test_sources_that_open_different_namespaces_are_compiled_apart(self):
        self.assertEqual(self.joined(a="using namespace one;\n", b="using namespace two;\n")[0], [])

    def test_a_source_with_a_macro_of_its_own_is_compiled_alone(self):
        self.assertEqual(self.joined(a="#define X 1\nint a();\n", b="int b();\n", c="int c();\n"), ([{"b", "c"}], {"a"}))

    def test_check_refuses_what_it_does_not_know(self):
        result = subprocess.run([ROOT / "check", "fast"], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("unknown argument 'fast'", result.stderr)

    def test_the_lock_names_no_host(self):
        lock = (ROOT / "tests" / "node" / "package-lock.json").read_text(encoding="utf-8")
        for line in lock.splitlines():
            self.assertNotIn('"resolved"', line)


if __name__ == "__main__":
    unittest.main()
