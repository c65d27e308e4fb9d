"""The lies of iacrea for one piece, as a faults file of the emulator."""

import json
from pathlib import Path
from typing import Any

Rule = dict[str, Any]

# Parts of a hundred. What spoils a submit comes with the work done and without it.
ANSWERS: list[tuple[float, Rule]] = [
    (2, {"action": "status", "code": 429, "headers": {"Retry-After": "1"}}),
    (1, {"action": "status", "code": 500}),
    (1, {"action": "status", "code": 502, "accepted": True}),
    (0.5, {"action": "status", "code": 503, "accepted": True, "headers": {"Retry-After": "1"}}),
    (0.5, {"action": "status", "code": 307, "headers": {"Location": "/elsewhere"}}),
    (0.5, {"action": "status", "code": 400}),
    (0.3, {"action": "status", "code": 401}),
    (0.3, {"action": "status", "code": 402}),
    (1, {"action": "reset"}),
    (1.5, {"action": "reset", "accepted": True}),
    (0.5, {"action": "hang", "seconds": 3, "accepted": True}),
    (0.5, {"action": "garbage", "accepted": True}),
    (0.5, {"action": "truncate", "bytes": 9}),
    (0.5, {"action": "no_id"}),
    (0.5, {"action": "duplicate"}),
    (2, {"action": "slow", "seconds": 1}),
    (0.5, {"action": "slow", "seconds": 10}),  # beyond the lease
]
GETS: list[tuple[float, Rule]] = [
    (2, {"action": "status", "code": 503}),
    (1, {"action": "status", "code": 404}),
    (0.5, {"action": "status", "code": 429, "headers": {"Retry-After": "1"}}),
    (1, {"action": "garbage"}),
    (1, {"action": "reset"}),
    (1, {"action": "unknown_status"}),
    (1, {"action": "lowercase_status"}),
    (1, {"action": "empty_urls"}),
]
RESULTS: list[tuple[float, Rule]] = [
    (2, {"action": "status", "code": 404}),
    (1, {"action": "garbage"}),
    (1, {"action": "reset"}),
    (1, {"action": "truncate", "bytes": 50}),
]
JOBS: list[tuple[float, Rule]] = [
    (4, {"action": "fail"}),
    (1, {"action": "stuck"}),
    (2, {"action": "flicker", "seconds": 2}),
    (1, {"action": "relapse", "seconds": 2}),
    (3, {"action": "slow", "seconds": 4}),
    (1, {"action": "slow", "seconds": 45}),  # beyond the deadline: a late success
]
RINGS: list[tuple[float, Rule]] = [
    (15, {"action": "none"}),
    (5, {"action": "twice", "count": 3}),
    (3, {"action": "early"}),
    # Its words are not believed.
    (5, {"action": "set", "fields": {"status": "FAILED", "urls": []}}),
    (5, {"action": "set", "fields": {"status": "SUCCEEDED"}}),
    (3, {"action": "late", "seconds": 10}),
]


def write(path: Path, *, seed: int, rings: bool) -> None:
    rules = [
        *_rules("generate", ANSWERS),
        *_rules("variation", ANSWERS),
        *_rules("get", GETS),
        *_rules("result", RESULTS),
        *_rules("job", JOBS),
        *(_rules("webhook", RINGS) if rings else [{"call": "webhook", "action": "none"}]),
    ]
    path.write_text(json.dumps({"seed": seed, "picture": "canned", "rules": rules}))


def _rules(call: str, table: list[tuple[float, Rule]]) -> list[Rule]:
    return [{"call": call, "rate": percent / 100, **rule} for percent, rule in table]
