"""How much is measured: enough to trust, or just enough to see that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    rounds: int
    seconds: float  # of a round that is a matter of time
    connections: int  # that hold photos at once
    polls: int
    tokens: int  # jobs that are called for
    burst: int
    lives: int  # simulated
    callbacks: int  # real
    tasks: int
    generations: int  # of the large database
    pages: int  # of a list, in a round
    posts: int  # of each client
    jobs: int  # of the memory's run
    pictures: int  # of each type and size, by the engine
    shrink: int  # what their sides are divided by
    queued: int  # pictures drawn while others wait
    moves: int  # of a finger, in a gesture
    visits: int  # to each page
    taps: int  # that ask for a picture
    waits: int  # for a picture, in a page
    slower: int  # a phone's processor than this one
    photo: tuple[int, int]  # of a phone, in pixels


FULL = Size(
    rounds=5, seconds=2, connections=4, polls=300, tokens=200, burst=5000, lives=20_000,
    callbacks=40, tasks=300, generations=1_000_000, pages=40, posts=25, jobs=300,
    pictures=5, shrink=1, queued=20, moves=300, visits=5, taps=20, waits=20,
    slower=4, photo=(4032, 3024),
)  # fmt: skip
TOY = Size(
    rounds=1, seconds=0.5, connections=2, polls=20, tokens=10, burst=60, lives=100,
    callbacks=2, tasks=10, generations=200, pages=2, posts=1, jobs=4,
    pictures=1, shrink=8, queued=2, moves=30, visits=1, taps=1, waits=1,
    slower=1, photo=(1200, 900),
)  # fmt: skip
