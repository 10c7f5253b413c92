"""Seconds that each may take: whoever has had them sits the later rounds out."""

import contextlib
import statistics
import sys
import time

# For one of the others, all rounds together; one round may go beyond.
SECONDS = 60
# For all of them, of the wall's.
ALTOGETHER = 360
# For one question, which is then given up.
QUESTION = 180


class Clock:
    def __init__(self):
        self.started = time.monotonic()
        self.spent: dict[str, float] = {}
        self.nanoseconds: dict[str, list[float]] = {}

    def has_time(self, who):
        """Everybody has one round, and more as long as there is time."""
        spent = self.spent.get(who, 0)
        return not spent or (spent < SECONDS and time.monotonic() - self.started < ALTOGETHER)

    @contextlib.contextmanager
    def part(self, who):
        """Counts what happens inside as the time of `who`, measured or not."""
        start = time.monotonic()
        yield
        self.spent[who] = self.spent.get(who, 0) + time.monotonic() - start

    def timed(self, name, count, work, worked=time.process_time_ns):
        """What `work` gives; notes nanoseconds for each of `count` points: those of whoever works on a core, so that a busy
        machine tells nearly the same."""
        start = worked()
        answer = work()
        self.note(name, (worked() - start) / count)
        return answer

    def note(self, name, nanoseconds):
        self.nanoseconds.setdefault(name, []).append(nanoseconds)

    def median(self, name):
        return statistics.median(self.nanoseconds[name])

    def tell(self):
        """Where the time of the whole script went, for whoever waits for it."""
        parts = sorted(self.spent.items(), key=lambda part: -part[1])
        spent = ", ".join(f"{who} {seconds:.0f}" for who, seconds in parts)
        print(f"{time.monotonic() - self.started:.0f} s altogether: {spent}", file=sys.stderr)
