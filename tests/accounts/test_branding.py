"""How an agency looks: what it uploads is judged, what it chooses can be read, and only those who
may change it do."""

import io
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import branding
from accounts.choices import Role
from accounts.models import AuditEntry, Branding, Membership, User
from accounts.services import add_member
from integrations.doors.logos import MAX_BYTES, read_logo
from projects.brand import Brand, brand_of, logo_of
from tests.conftest import Cast, photo_bytes, signed_in
from tests.hostile import made
from tests.hostile.bombs import frames, header_only
from tests.projects.jobs import files_in
from tests.projects.test_media import body

pytestmark = pytest.mark.django_db
URL = "/marque"
PUBLIC = "public, max-age=31536000, immutable"


def logo(
    size: tuple[int, int] = (800, 200), kind: str = "PNG", mode: str = "RGBA", **options: Any
) -> bytes:
    colour = (200, 20, 90, 128)[: len(mode)]
    return made.picture(kind, Image.new(mode, size, colour), **options)


def save(client: Client, data: bytes | None = None, **fields: str) -> Any:
    sent: dict[str, Any] = {"accent": "", "contact": "", "footer": "", **fields}
    if data is not None:
        sent["logo"] = SimpleUploadedFile("logo.png", data)
    return client.post(URL, sent)


def stored(media: Path) -> list[str]:
    return [str(path.relative_to(media)) for path in files_in(media)]


def member(cast: Cast, role: Role) -> Client:
    user = User.objects.create_user(f"{role}@example.org", "a password for tests", name=role)
    return signed_in(add_member(agency=cast.agency, user=user, role=role))


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """What is done in it is committed at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


# --- the logo


def test_a_logo_is_made_small_and_keeps_what_shines_through(
    alice: Cast, alice_client: Client
) -> None:
    assert save(alice_client, logo()).status_code == 302
    brand = brand_of(alice.agency)
    assert (brand.logo_width, brand.logo_height) == (600, 150)
    data = logo_of(alice.agency)
    assert data is not None
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size, image.mode) == ("PNG", (600, 150), "RGBA")
    pixel = image.getpixel((300, 75))
    assert isinstance(pixel, tuple) and pixel[3] == 128
    assert all(abs(a - b) < 3 for a, b in zip(pixel, (200, 20, 90), strict=False))


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (logo((100, 50), "JPEG", "RGB"), (100, 50)),
        (logo((1000, 1000), "JPEG", "CMYK"), (240, 240)),
        (logo((50, 400), "PNG", "L"), (30, 240)),
        (logo((64, 64), "PNG", "P"), (64, 64)),
    ],
)
def test_each_kind_of_file(data: bytes, size: tuple[int, int]) -> None:
    image = Image.open(io.BytesIO(read_logo(data).data))
    assert (image.format, image.size, image.mode) == ("PNG", size, "RGB")


def test_a_logo_that_was_photographed_lying_stands() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read_logo(logo((120, 40), "JPEG", "RGB", exif=exif)).width == 40


def test_the_public_address_is_of_the_content(
    alice: Cast, alice_client: Client, client: Client
) -> None:
    save(alice_client, logo())
    brand = brand_of(alice.agency)
    answer = client.get(brand.logo_url)
    assert body(answer) == logo_of(alice.agency)
    assert answer["Content-Type"] == "image/png" and answer["Cache-Control"] == PUBLIC
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    assert re.fullmatch(rf"/marque/{alice.agency.pk}/[0-9a-f]{{32}}\.png", brand.logo_url)
    save(alice_client, logo())
    assert brand_of(alice.agency) == brand, "the same logo has the same address"


def test_a_new_logo_takes_the_old_ones_place(
    alice: Cast, alice_client: Client, client: Client, media: Path, committed: Any
) -> None:
    save(alice_client, logo())
    old = brand_of(alice.agency)
    with committed():
        save(alice_client, logo((60, 60)))
        assert len(stored(media)) == 2, "until the change is committed"
    assert len(stored(media)) == 1
    assert client.get(old.logo_url).status_code == 404
    assert client.get(brand_of(alice.agency).logo_url).status_code == 200


def test_a_logo_is_removed(
    alice: Cast, alice_client: Client, client: Client, media: Path, committed: Any
) -> None:
    save(alice_client, logo())
    old = brand_of(alice.agency)
    with committed():
        assert alice_client.post(f"{URL}/logo/retirer").status_code == 302
    assert stored(media) == [] and client.get(old.logo_url).status_code == 404
    assert brand_of(alice.agency).logo_url == "" and logo_of(alice.agency) is None
    alice_client.post(f"{URL}/logo/retirer")
    actions = AuditEntry.objects.for_agency(alice.agency).filter(action__startswith="branding.")
    assert [each.action for each in actions] == ["branding.logo_removed", "branding.logo_set"]


HOSTILE = {
    "empty": b"",
    "too_many_bytes": logo() + bytes(MAX_BYTES),
    "bomb": made.png((8000, 8000), 8, made.RGBA, fill=b"\xf0"),
    "header_of_a_bomb": header_only((65535, 65535)),
    "tiny": logo((15, 400)),
    "line": logo((16_000, 16)),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "gif": logo((64, 64), "GIF", "P"),
    "webp": logo((64, 64), "WEBP"),
    "html": b"<!doctype html><script>alert(1)</script>",
    "half": logo()[:-40],
    "text": b"\x89PNG\r\n\x1a\n" + made.PAYLOAD,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_logo_leaves_the_old_one(
    name: str, alice: Cast, alice_client: Client, media: Path
) -> None:
    save(alice_client, logo((64, 64)), contact="before")
    before = (brand_of(alice.agency), stored(media))
    answer = save(alice_client, HOSTILE[name], contact="after")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'href="#id_logo"' in page
    assert "after" in page and before[0].logo_url in page
    assert (brand_of(alice.agency), stored(media)) == before


def test_nothing_but_pixels_is_kept(alice: Cast, alice_client: Client) -> None:
    """Neither what hangs behind the picture, nor what stands in it, nor its other frames."""
    polyglot = logo((64, 64)) + made.PAYLOAD
    for data in (polyglot, made.png_with(made.chunk(b"tEXt", b"Comment\0" + made.PAYLOAD))):
        save(alice_client, data)
        kept = logo_of(alice.agency)
        assert kept and made.PAYLOAD not in kept and b"tEXt" not in kept
    still = read_logo(frames("PNG", 5)).data
    assert b"acTL" in frames("PNG", 5) and b"acTL" not in still


def test_a_logo_of_a_change_that_failed_is_swept(
    alice: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is stored, its row is not."""
    from projects import orphans
    from tests.projects.test_orphans import age

    monkeypatch.setattr(branding, "record", None)
    with pytest.raises(TypeError):
        branding.set_logo(agency=alice.agency, actor_id="", logo=read_logo(logo()))
    monkeypatch.undo()
    assert len(stored(media)) == 1 and logo_of(alice.agency) is None
    branding.set_logo(agency=alice.agency, actor_id="", logo=read_logo(logo()))
    assert len(stored(media)) == 2
    address = brand_of(alice.agency).logo_url
    age(media)
    assert orphans.sweep_files() == 1 and brand_of(alice.agency).logo_url == address
    assert logo_of(alice.agency)


# --- colour and words


def test_the_theme_is_custom_properties_and_nothing_that_was_typed(
    alice: Cast, alice_client: Client, client: Client
) -> None:
    save(alice_client, accent="#FFDD00", contact="</style>", footer="}body{display:none")
    answer = client.get(brand_of(alice.agency).theme_url)
    css = body(answer).decode()
    assert answer["Content-Type"] == "text/css; charset=utf-8" and answer["Cache-Control"] == PUBLIC
    assert not answer.cookies and answer["X-Content-Type-Options"] == "nosniff"
    rule = r":root\{(--[a-z-]+:#[0-9a-f]{6};?)+\}"
    assert re.fullmatch(rf"{rule}\n@media \(prefers-color-scheme:dark\)\{{{rule}\}}\n", css)
    assert "--accent:#806e00" in css, "too pale for words: it is darkened"


def test_the_page_says_what_became_of_the_colour(alice_client: Client) -> None:
    save(alice_client, accent="ffdd00")
    page = alice_client.get(URL, headers={"accept-language": "en"}).content.decode()
    assert "too pale to be read, so it is darkened to #806e00" in page
    assert "On dark pages: as you chose it." in page and 'value="#ffdd00"' in page


@pytest.mark.parametrize("accent", ["red", "#12", "#123456;}", "url(//x)", "é"])
def test_no_colour_is_refused(accent: str, alice: Cast, alice_client: Client) -> None:
    answer = save(alice_client, accent=accent)
    assert answer.status_code == 422 and 'href="#id_accent"' in answer.content.decode()
    assert brand_of(alice.agency) == Brand("Alice")


def test_words_are_shown_as_they_are(alice: Cast, alice_client: Client) -> None:
    """In one line where there is one, and as text in a page."""
    typed = "Élodie\n<b>04 66 00 00 00</b>"
    save(alice_client, contact=typed, footer="1, rue\r\nNîmes")
    brand = brand_of(alice.agency)
    assert (brand.contact, brand.footer) == ("Élodie <b>04 66 00 00 00</b>", "1, rue\nNîmes")
    for path in (URL, f"{URL}/apercu"):
        page = alice_client.get(path).content.decode()
        assert "&lt;b&gt;04 66" in page and "<b>04" not in page


def test_what_is_too_long_or_has_a_null_is_refused(alice_client: Client) -> None:
    for fields in ({"contact": "x" * 201}, {"footer": "x" * 501}, {"contact": "a\0b"}):
        assert save(alice_client, **fields).status_code == 422


def test_what_did_not_change_is_not_written_down(alice: Cast, alice_client: Client) -> None:
    for _ in range(2):
        save(alice_client, logo(), accent="#2c6a4b", contact="04 66")
    rows = AuditEntry.objects.for_agency(alice.agency).filter(action__startswith="branding.")
    assert [(row.action, row.actor_id) for row in rows] == [
        ("branding.logo_set", str(alice.owner.pk)), ("branding.changed", str(alice.owner.pk)),
    ]  # fmt: skip
    assert rows[1].detail == {"accent": "#2c6a4b", "contact": "04 66"}


# --- the preview


def test_the_preview_is_the_page_that_clients_see(alice: Cast, alice_client: Client) -> None:
    save(alice_client, logo(), accent="#aa2244", contact="04 66 00 00 00", footer="SIRET 123")
    answer = alice_client.get(f"{URL}/apercu")
    page, brand = answer.content.decode(), brand_of(alice.agency)
    assert answer.templates == [] or "share/page.html" in [t.name for t in answer.templates]
    for shown in (brand.logo_url, brand.theme_url, "04 66 00 00 00", "SIRET 123", "garden-terrace"):
        assert shown in page
    assert "<form" not in page, "a sample approves nothing"


def test_only_the_branding_page_frames_and_only_the_preview_is_framed(
    alice_client: Client,
) -> None:
    shown, framed = alice_client.get(URL), alice_client.get(f"{URL}/apercu")
    assert "frame-src 'self'" in shown["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "DENY" and framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    for policy in (shown["Content-Security-Policy"], framed["Content-Security-Policy"]):
        assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "frame-src" not in alice_client.get("/")["Content-Security-Policy"]


# --- who


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER, Role.INTEGRATOR])
def test_who_may_not(role: Role, alice: Cast) -> None:
    client = member(alice, role)
    for answer in (
        client.get(URL), save(client, logo(), contact="x"), client.get(f"{URL}/apercu"),
        client.post(f"{URL}/logo/retirer"),
    ):  # fmt: skip
        assert answer.status_code == 403
    assert "role" in client.get(URL, headers={"accept-language": "en"}).content.decode()
    assert not Branding.objects.exists()


def test_a_manager_may(alice: Cast) -> None:
    client = member(alice, Role.MANAGER)
    assert client.get(URL).status_code == 200 and save(client, contact="x").status_code == 302
    assert "Seul un responsable" in client.get(URL).content.decode()
    assert brand_of(alice.agency).contact == "x"


def test_each_agency_has_its_own(
    alice: Cast, charlie: Cast, alice_client: Client, charlie_client: Client, client: Client
) -> None:
    save(alice_client, logo(), accent="#aa2244", contact="alice's")
    assert "alice's" not in charlie_client.get(URL).content.decode()
    hers = brand_of(alice.agency)
    for address in (hers.logo_url, hers.theme_url):
        assert client.get(address).status_code == 200
        foreign = address.replace(str(alice.agency.pk), str(charlie.agency.pk))
        unknown = address.replace(str(alice.agency.pk), str(uuid4()))
        for wrong in (
            foreign,
            unknown,
            address[:-5] + address[-4:],
            f"{URL}/{alice.agency.pk}/.css",
        ):
            assert client.get(wrong).status_code == 404
    save(charlie_client, contact="charlie's")
    assert brand_of(charlie.agency) == Brand("Charlie", contact="charlie's")
    assert brand_of(alice.agency) == hers


def test_no_digest_opens_nothing(alice: Cast, client: Client) -> None:
    """Neither of an agency without a logo and a colour, nor of one that never came here."""
    for name in ("logo", "theme"):
        url = reverse(f"media:{name}", args=[alice.agency.pk, "x"])
        assert client.get(url).status_code == 404
        Branding.objects.get_or_create(agency=alice.agency)
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 405


def test_a_file_that_is_gone_is_a_404(alice: Cast, alice_client: Client, client: Client) -> None:
    save(alice_client, logo())
    default_storage.delete(str(Branding.objects.get().logo.name))
    assert client.get(brand_of(alice.agency).logo_url).status_code == 404
    assert logo_of(alice.agency) is None


# --- the policy on labels


def always(client: Client, on: bool = True) -> Any:
    return client.post(f"{URL}/mention", {"always": "1" if on else "0"})


def test_an_owner_decides_that_every_picture_is_labelled(alice: Cast, alice_client: Client) -> None:
    for on, changes in ((True, 1), (True, 1), (False, 2)):
        assert always(alice_client, on).status_code == 302
        assert Branding.objects.get().always_labelled is on
        written = AuditEntry.objects.filter(action="branding.always_labelled")
        assert written.count() == changes and written[0].detail == {"on": on}
        assert written[0].actor_id == str(alice.owner.pk)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_nobody_else_does_and_the_attempt_is_written_down(
    role: Role, alice: Cast, alice_client: Client
) -> None:
    always(alice_client)
    client = member(alice, role)
    assert always(client, False).status_code == 403
    assert Branding.objects.get().always_labelled
    refused = AuditEntry.objects.get(action="branding.always_labelled_refused")
    who = Membership.objects.get(role=role, agency=alice.agency)
    assert refused.actor_id == str(who.pk) and refused.detail == {"on": False, "role": role}


def test_photos_are_no_logos() -> None:
    """The garden of the other tests: a photo would do, reduced."""
    assert read_logo(photo_bytes()).height == 240 and read_logo(photo_bytes()).width == 320
