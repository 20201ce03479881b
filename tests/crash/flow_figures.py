"""The figures of the flow held against what the messages' own events say."""

import collections
import datetime

from harness import TENANT

HANDED_OVER = ("sent", "delivered", "read")
DELIVERED = ("delivered", "read")
FAILED = ("failed", "expired")


def hour_of(time):
    return datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).replace(minute=0, second=0, microsecond=0)


def told_by_events(world):
    """Of each figure so many in each hour. A message that stands for another is mended when it is handed over."""
    told = collections.defaultdict(collections.Counter)
    for message in world.all_messages():
        seen, anew = set(), "replaces" in message
        for line in world.timeline(message["id"]):
            found = [figure for figure, events in (("accepted", ("accepted",)), ("handedOver", HANDED_OVER), ("delivered", DELIVERED))
                     if line["event"] in events and figure not in seen]
            seen.update(found)
            found += ["failed"] if line["event"] in FAILED else []
            if line["event"] == "retried":
                anew = True
                found.append("retried")
            if anew and "handedOver" in found:
                found.append("mended")
            for figure in found:
                told[figure][hour_of(line["at"])] += 1
    return told


def judge_flow(test, world):
    """By hour of the last day, by day of the last thirty, and of each way: none is lost, none counted twice."""
    told = told_by_events(world)
    figures = ("accepted", "handedOver", "delivered", "failed", "retried", "mended")
    for span, step in (("hours=24", datetime.timedelta(hours=1)), ("days=30", datetime.timedelta(days=1))):
        status, history = world.operate("GET", f"flow/history?tenant={TENANT}&{span}")
        test.assertEqual(200, status, history)
        begins = datetime.datetime.fromisoformat(history["from"].replace("Z", "+00:00"))
        for figure in figures:
            expected = collections.Counter()
            for hour, count in told[figure].items():
                expected[(hour - begins) // step] += count
            shown = {at: count for at, count in enumerate(history["figures"][figure]) if count}
            test.assertEqual(dict(expected), shown, (figure, history))
            of_all = sum(told[figure].values())
            test.assertEqual(of_all, history["totals"][figure], (figure, history))
            test.assertEqual(of_all, sum(way[figure] for way in history["ways"]), (figure, history))
        delivered = sum(told["delivered"].values())
        test.assertEqual(delivered, history["totals"]["timeToDelivery"]["messages"], history)
    print("flow: " + ", ".join(f"{figure} {sum(told[figure].values())}" for figure in figures), flush=True)
