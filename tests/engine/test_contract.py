"""What every renderer promises: outside untouched, same seed same bytes, no flat colour."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from integrations.engine import EmbeddedRenderer, Renderer, RenderResult, RoomType, render
from tests.engine.scenes import SIZE, garden, pixels, zone

TYPES = list(RoomType)


@pytest.fixture(scope="module", params=TYPES, ids=str)
def drawn(request) -> RenderResult:
    return render(garden(), zone(), request.param, seed=3)


def test_every_pixel_outside_the_mask_is_the_photos_own(drawn):
    outside = pixels(zone()) == 0
    assert np.array_equal(pixels(drawn.image)[outside], pixels(garden())[outside])


def test_most_of_the_zone_is_transformed(drawn):
    inside = pixels(zone()) > 127
    change = np.abs(pixels(drawn.image) - pixels(garden())).max(axis=2)[inside]
    assert np.mean(change > 12) > 0.7


def test_the_result_tells_what_was_done(drawn):
    assert drawn.image.size == SIZE
    assert drawn.image.mode == "RGB"
    assert drawn.seed == 3
    assert (drawn.engine, drawn.engine_version) == ("embedded", EmbeddedRenderer.version)
    assert set(drawn.timings) == {"decode", "horizon", "plan", "light", "materials", "composite"}
    assert drawn.size_m.width.low < drawn.size_m.width.about < drawn.size_m.width.high
    assert all(warning.code and warning.message for warning in drawn.warnings)


@pytest.mark.parametrize("room_type", TYPES, ids=str)
def test_the_surface_is_no_flat_colour(room_type):
    """On a photo without grain no grain is added either: what varies is the material."""
    flat = np.full((SIZE[1], SIZE[0], 3), (92, 128, 60), np.uint8)
    flat[:96] = (168, 196, 226)
    result = render(Image.fromarray(flat), zone(), room_type, seed=3)
    middle = pixels(result.image)[150:195, 120:200]
    assert middle.std(axis=(0, 1)).max() > 2.5
    assert len(np.unique(middle.reshape(-1, 3), axis=0)) > 30


@pytest.mark.parametrize("room_type", TYPES, ids=str)
def test_the_same_seed_gives_the_same_bytes(room_type):
    first, second = (render(garden(), zone(), room_type, seed=11) for _ in range(2))
    assert first.image.tobytes() == second.image.tobytes()


@pytest.mark.parametrize("room_type", TYPES, ids=str)
def test_another_seed_gives_another_picture(room_type):
    inside = pixels(zone()) > 127
    pictures = [pixels(render(garden(), zone(), room_type, seed=s).image) for s in range(4)]
    differences = [
        np.abs(a - b)[inside].mean() for i, a in enumerate(pictures) for b in pictures[:i]
    ]
    assert max(differences) > 10
    assert min(differences) > 1


def test_a_style_can_be_asked_for():
    result = render(garden(), zone(), RoomType.TERRACE, seed=1, style="anthracite")
    assert result.style == "anthracite"


def test_large_and_negative_seeds_are_seeds():
    for seed in (2**63 - 1, -5):
        assert render(garden(), zone(), RoomType.TERRACE, seed=seed).seed == seed


def test_the_embedded_renderer_is_a_renderer():
    renderer: Renderer = EmbeddedRenderer()
    result = renderer.render(garden(), zone(), RoomType.POOL, seed=1)
    assert isinstance(result, RenderResult)


def test_the_engine_imports_without_django_and_nothing_else_of_ours():
    """In an interpreter of its own, where Django cannot be imported at all."""
    program = """
import sys
sys.modules["django"] = None
import integrations.engine
ours = {name.split(".")[1] for name in sys.modules if name.startswith("integrations.")}
assert ours == {"engine"}, ours
assert not {"projects", "accounts", "config"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
