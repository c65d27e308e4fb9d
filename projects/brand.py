"""An agency's brand as share pages, quotes and mails show it."""

from dataclasses import dataclass

from django.urls import reverse

from accounts import branding, colours
from accounts.models import Agency, Branding


@dataclass(frozen=True)
class Brand:
    """What a client sees of an agency.

    Addresses are paths of our own origin, public and immutable; empty where there is nothing.
    `logo_width` and `logo_height` are pixels, at most 600 x 240: show it at half of that or less.
    The stylesheet `theme_url` sets `--accent`, `--accent-hover`, `--on-accent` and `--tint` on
    `:root` for both colour schemes and comes after the page's own. `accent` is "#rrggbb", readable
    on white, for paper; empty: the product's own.
    """

    name: str
    logo_url: str = ""
    logo_width: int = 0
    logo_height: int = 0
    theme_url: str = ""
    accent: str = ""
    contact: str = ""
    footer: str = ""


def brand_of(agency: Agency) -> Brand:
    """One query."""
    return brand_with(agency, branding.branding_of(agency))


def brand_with(agency: Agency, row: Branding) -> Brand:
    """Without a query."""
    return Brand(
        name=agency.name,
        logo_url=_address("media:logo", agency, branding.logo_digest(row)),
        logo_width=row.logo_width,
        logo_height=row.logo_height,
        theme_url=_address("media:theme", agency, branding.theme_digest(row)),
        accent=colours.on_light(row.accent).accent if row.accent else "",
        contact=row.contact,
        footer=row.footer,
    )


def logo_of(agency: Agency) -> bytes | None:
    """A PNG for what is no page, such as a PDF; None: the agency has none."""
    return branding.logo_bytes(branding.branding_of(agency))


def _address(route: str, agency: Agency, digest: str) -> str:
    return reverse(route, args=[agency.pk, digest]) if digest else ""
