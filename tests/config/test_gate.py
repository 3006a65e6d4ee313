"""Places before Django: few at a time, in the order in which they were asked for."""

import threading
from time import sleep

from xianfeng.config.gate import Places


def _waiting(places: Places[int], count: int) -> None:
    """Return once so many threads wait."""
    while len(places._waiting) < count:
        sleep(0.001)


def test_a_place_is_given_to_the_one_who_waited_longest() -> None:
    places, order = Places([7]), []
    held = places.take()

    def ask(name: int) -> None:
        place = places.take()
        order.append(name)
        places.give_back(place)

    threads = [threading.Thread(target=ask, args=(name,)) for name in range(8)]
    for count, thread in enumerate(threads, 1):
        thread.start()
        _waiting(places, count)
    places.give_back(held)
    for thread in threads:
        thread.join(5)

    assert order == list(range(8))


def test_one_who_comes_later_does_not_take_a_place_that_was_promised() -> None:
    places = Places([7])
    held = places.take()
    got = threading.Event()

    def wait() -> None:
        places.take()
        got.set()

    one = threading.Thread(target=wait)
    one.start()
    _waiting(places, 1)

    places.give_back(held)
    late = threading.Thread(target=places.take, daemon=True)
    late.start()
    one.join(5)

    assert got.is_set()
    _waiting(places, 1)  # the later one waits, though the place was given back before it asked
    places.give_back(7)
    late.join(5)
    assert not late.is_alive()


def test_never_more_at_a_time_than_there_are_places() -> None:
    places, lock = Places(range(3)), threading.Lock()
    held: list[int] = []
    seen: list[list[int]] = []

    def work() -> None:
        for _ in range(200):
            place = places.take()
            with lock:
                held.append(place)
                seen.append(sorted(held))
            sleep(0)
            with lock:
                held.remove(place)
            places.give_back(place)

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(seen) == 12 * 200
    assert all(len(set(one)) == len(one) <= 3 for one in seen)
    assert sorted(places.take() for _ in range(3)) == [0, 1, 2]
