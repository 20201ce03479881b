#!/usr/bin/env python3
"""Sums up ctest's JUnit files: failed and skipped tests by name, then `<N> passed, <M> failed` alone on the last line.

    summary.py FILE...        exit 1 when a test failed, a file is missing or unreadable, or no test ran at all
    summary.py --labels LOG   seconds and tests by label, added up over ctest's own summaries in a log
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

LABEL = re.compile(r"^\s*(\S+)\s+=\s+([\d.]+) sec\*proc \((\d+) tests?\)")


def count(paths):
    passed, failed, skipped, broken = 0, [], [], []
    for path in paths:
        try:
            suite = ElementTree.parse(path).getroot()
        except (OSError, ElementTree.ParseError) as error:
            broken.append(f"{path}: {error}")
            continue
        for case in suite.iter("testcase"):
            name = f'{case.get("name")} ({path})'
            status = case.get("status")
            if case.find("failure") is not None or status == "fail":
                failed.append(name)
            elif case.find("skipped") is not None or status in ("notrun", "disabled"):
                skipped.append(name)
            else:
                passed += 1
    return passed, failed, skipped, broken


def labels(path):
    seconds = {}
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            match = LABEL.match(line)
            if match:
                before = seconds.get(match.group(1), (0.0, 0))
                seconds[match.group(1)] = (before[0] + float(match.group(2)), before[1] + int(match.group(3)))
    for label, (spent, tests) in sorted(seconds.items(), key=lambda item: -item[1][0]):
        print(f"  {label:12} {spent:8.1f} s  {tests:5} tests")


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--labels":
        labels(sys.argv[2])
        return 0
    passed, failed, skipped, broken = count(sys.argv[1:])
    for what, names in (("did not run", skipped), ("FAILED", failed), ("no result", broken)):
        for name in names:
            print(f"{what}: {name}")
    print(f"{passed} passed, {len(failed) + len(broken)} failed")
    return 1 if failed or broken or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
