"""The pictures of docs/screens/ are those of the scenes, small, and each was looked at."""

from tests.screens.judged import judgements
from tests.screens.pictures import FOLDER, MAX_BYTES, names, path_of

MOST = 11_000_000


def test_every_picture_is_of_a_scene() -> None:
    of_scenes = {path_of(name).name for name in names()}
    assert {path.name for path in FOLDER.glob("*.webp")} <= of_scenes


def test_the_pictures_are_small() -> None:
    sizes = [path.stat().st_size for path in FOLDER.glob("*.webp")]
    assert [size for size in sizes if size > MAX_BYTES] == []
    assert sum(sizes) <= MOST


def test_every_picture_was_judged() -> None:
    known, shown = judgements(), {path.stem for path in FOLDER.glob("*.webp")}
    assert shown == set(known) <= set(names())
    assert {judgement.verdict for judgement in known.values()} == {"mended", "kept"}
