"""What one page has told in one wait: neither the place nor the range ever counts the wrong way."""

from dataclasses import dataclass

from helpline.routing.queries import Wait


@dataclass(frozen=True)
class Told:
    place: int | None = None
    minutes: tuple[int, int] | None = None

    def after(self, wait: Wait | None) -> "Told":
        if wait is None:
            return Told()  # the next wait is a new one
        place = min(wait.place, self.place or wait.place)
        ranges = [minutes for minutes in (self.minutes, wait.minutes) if minutes]
        return Told(place, min(ranges, key=lambda minutes: minutes[1], default=None))
