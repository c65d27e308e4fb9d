"""Beside Pillow's own filters, which are the definition."""

import random

import pytest
from PIL import Image, ImageChops, ImageFilter

from integrations.doors import ranks

SIZES = [(1, 1), (2, 7), (64, 48), (131, 97)]
SEED = 5


def noise(mode: str, size: tuple[int, int]) -> Image.Image:
    count = size[0] * size[1] * len(mode)
    return Image.frombytes(mode, size, random.Random(SEED).randbytes(count))


def assert_same(ours: Image.Image, theirs: Image.Image) -> None:
    assert ours.size == theirs.size and ImageChops.difference(ours, theirs).getbbox() is None


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("edge", [3, 5])
def test_lightest_and_darkest(size: tuple[int, int], edge: int) -> None:
    image = noise("RGB", size)
    assert_same(ranks.lightest(image, edge), image.filter(ImageFilter.MaxFilter(edge)))
    assert_same(ranks.darkest(image, edge), image.filter(ImageFilter.MinFilter(edge)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("edge", [3, 5])
def test_the_median_of_black_and_white(size: tuple[int, int], edge: int) -> None:
    image = noise("L", size).point(lambda value: 255 if value > 120 else 0)
    assert_same(ranks.median(image, edge), image.filter(ImageFilter.MedianFilter(edge)))
