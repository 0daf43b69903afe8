"""An end to loops that go on until they are told to stop."""

from __future__ import annotations

from threading import Event


class Turns(Event):
    """Stops what goes on until it is set after some turns."""

    left = 3

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        if not self.left:
            self.set()
        return self.is_set()
