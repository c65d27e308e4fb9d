"""A share page of samples, for the preview of an agency's branding."""

from django.templatetags.static import static
from django.utils.translation import gettext as _

from projects.brand import Brand
from projects.choices import RoomType
from projects.sharing.page import Image, SharedPicture, SharePage

BEFORE, AFTER = "samples/garden.jpg", "samples/garden-terrace.jpg"
SIZE = (960, 720)  # of the second; the first has its shape


def sample_page(brand: Brand) -> SharePage:
    """With the sample garden and a terrace in it; nothing on it posts."""
    shown = SharedPicture(1, str(RoomType.TERRACE.label), _image(AFTER), _image(BEFORE))
    return SharePage(brand=brand, title=_("Sample garden"), pictures=[shown])


def _image(path: str) -> Image:
    """In one size: no browser takes a format that is offered without an address."""
    address = static(path)
    width, height = SIZE
    return Image(
        avif="", webp="", jpg=f"{address} {width}w", src=address, width=width, height=height
    )
