from helpline.accounts.attempts import (
    FORGOTTEN_AFTER_SECONDS,
    FREE_FAILURES,
    LONGEST_WAIT_SECONDS,
    NAMES_KEPT,
    Attempts,
)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_few_mistakes_cost_nothing_then_each_doubles_the_wait_to_a_bound() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    waits = []
    for _ in range(FREE_FAILURES + 7):
        attempts.failed("asha")
        waits.append(attempts.wait_seconds("asha"))
    assert waits == [0.0] * (FREE_FAILURES - 1) + [1, 2, 4, 8, 16, LONGEST_WAIT_SECONDS, 30, 30]
    assert attempts.wait_seconds("ben") == 0
    clock.now += 29
    assert attempts.wait_seconds("asha") == 1
    clock.now += 1
    assert attempts.wait_seconds("asha") == 0


def test_success_and_time_forget() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for name in ("asha", "ben"):
        for _ in range(FREE_FAILURES):
            attempts.failed(name)
    attempts.succeeded("asha")
    assert attempts.wait_seconds("asha") == 0
    clock.now += FORGOTTEN_AFTER_SECONDS + 1
    attempts.failed("ben")
    assert attempts.wait_seconds("ben") == 0


def test_a_flood_of_names_is_bounded() -> None:
    attempts = Attempts(Clock())
    for name in range(NAMES_KEPT + 10):
        for _ in range(FREE_FAILURES):
            attempts.failed(str(name))
    assert attempts.wait_seconds("5") == 0
    assert attempts.wait_seconds(str(NAMES_KEPT)) > 0
