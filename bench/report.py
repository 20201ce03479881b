"""What was measured, beside its goal; and whether anything that gates is outside."""

MIB = 1 << 20


class Report:
    def __init__(self):
        self.rows = []
        self.failed = False

    def add(self, name, value, unit, goal=None, good=None, gate=None):
        """`goal` is what we want, `gate` what a change may not fall behind: where the goal is met they are the same."""
        fits = None if goal is None else good(value, goal)
        passes = gate is None or good(value, gate)
        self.rows.append({"name": name, "value": round(value, 4), "unit": unit, "goal": goal, "met": fits, "gate": gate})
        self.failed |= not passes
        mark = "" if fits is None else f"  goal {goal}: {'met' if fits else 'NOT MET'}"
        mark += "" if gate is None else f"  gate {gate}: {'passed' if passes else 'FAILED'}"
        print(f"  {name:<52} {value:>12.3f} {unit}{mark}", flush=True)


def at_least(value, goal):
    return value >= goal


def at_most(value, goal):
    return value <= goal
