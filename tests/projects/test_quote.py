"""The quote sheet, read back by a reader that is not the writer's."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from accounts import branding
from accounts.choices import Role
from accounts.models import Membership
from deploy.tree import ROOT
from integrations.doors.logos import read_logo
from projects.models import Approval, ClientComment, Generation, Project, ShareLink
from tests.conftest import Cast, signed_in
from tests.garden import queued_generation, succeeded_generation
from tests.projects.made import varied
from tests.projects.test_downloads import file_name
from tests.projects.test_media import body

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"
MOMENT = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)


@pytest.fixture
def job(alice: Cast) -> Generation:
    """Of a blue picture: what was made is told from the photo."""
    made = succeeded_generation(alice)
    Project.objects.update(title="Élodie à Nîmes")
    put(made.pictures.get().file.name, plain("blue"))
    return made


def put(name: str, data: bytes) -> None:
    with default_storage.open(name, "wb") as stored:
        stored.write(data)


def plain(colour: str, size: tuple[int, int] = (320, 240)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def url_of(job: Generation) -> str:
    return reverse("projects:quote", args=[job.project_id, job.pk])


def asked(client: Client, job: Generation, language: str = "fr", **typed: str) -> Any:
    data = {"language": language, "comments": "on", **typed}
    return client.post(url_of(job), data, headers={"accept-language": "fr"})


def read(client: Client, job: Generation, language: str = "fr", **typed: str) -> PdfReader:
    answer = asked(client, job, language, **typed)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(body(answer)), strict=True)


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def link_of(job: Generation, **more: Any) -> ShareLink:
    kept = {"agency": job.agency, "mode": job.mode, "project": job.project}
    count = ShareLink.objects.count()
    return ShareLink.objects.create(token="x", token_sha256=f"{count:064}", **kept, **more)


def approve(job: Generation, name: str, **more: Any) -> Approval:
    facts = {"picture_sha256": job.pictures.get().sha256, "name": name, **more}
    made = Approval.objects.create(link=link_of(job), generation=job, **facts)
    Approval.objects.filter(pk=made.pk).update(created_at=MOMENT)
    return made


def comment(job: Generation, text: str, **more: Any) -> ClientComment:
    facts = {"generation": job, "name": "Élodie", **more}
    return ClientComment.objects.create(link=link_of(job), text=text, **facts)


# --- What it says


def test_in_french_with_its_spaces_and_accents(job: Generation, alice_client: Client) -> None:
    typed = f"Élodie à Nîmes — 1{NBSP}234{NBSP}€"
    lines = {"label_1": typed, "amount_1": "1234", "label_2": "Œuvre", "amount_2": "18 450,5 €"}
    text = text_of(read(alice_client, job, note="Été : dès juin.", **lines))
    assert typed in text and text.count("Élodie à Nîmes") == 3, "title, price, second page"
    assert f"1{NBSP}234,00{NBSP}€" in text and f"18{NBSP}450,50{NBSP}€" in text
    assert f"Total 19{NBSP}684,50{NBSP}€" in text
    assert "Été : dès juin." in text and f"Terrasse\nn°{NBSP}1" not in text
    assert f"Terrasse n°{NBSP}1" in text and "Avant" in text and "Après" in text
    today = timezone.localdate()
    assert f"Fiche de devis du {today.day} " in text and f" {today.year}" in text
    assert "Image produite par IA / AI-generated image" in text and "Page 1 sur " in text


def test_in_english_for_a_member_who_reads_french(job: Generation, alice_client: Client) -> None:
    lines = {"label_1": "Deck", "amount_1": "1 234", "label_2": "Pool", "amount_2": "€20,000"}
    answer = asked(alice_client, job, "en", **lines)
    assert file_name(answer) == "elodie-a-nimes-terrace-1-quote.pdf"
    text = text_of(PdfReader(io.BytesIO(body(answer)), strict=True))
    for said in (
        "€1,234",
        "€20,000",
        "Total €21,234",
        "Terrace No. 1",
        "Before",
        "After",
        "Prices",
    ):
        assert said in text
    assert "Image produite par IA / AI-generated image" in text and "Page 1 of " in text


def test_named_as_other_downloads_are(job: Generation, alice_client: Client) -> None:
    assert file_name(asked(alice_client, job)) == "elodie-a-nimes-terrasse-1-devis.pdf"


def test_an_amount_that_is_no_number_stays_and_takes_the_total_away(
    job: Generation, alice_client: Client
) -> None:
    lines = {"label_1": "A", "amount_1": "100", "label_3": "B", "amount_3": "offert"}
    text = text_of(read(alice_client, job, **lines))
    assert f"100{NBSP}€" in text and "offert" in text and "Total" not in text


def test_without_prices_note_and_comments_none_of_their_headings(
    job: Generation, alice_client: Client
) -> None:
    reader = read(alice_client, job)
    text = text_of(reader)
    assert len(reader.pages) == 1
    assert not any(word in text for word in ("Prix", "Note", "Commentaires", "Approuvé"))


def test_who_approved_it_and_when(job: Generation, alice_client: Client) -> None:
    other = varied(job)
    approve(job, "Élodie Martin")
    approve(other, "Marc")
    approve(other, "", picture_sha256="of a picture that was replaced")
    text = text_of(read(alice_client, job))
    assert "Approuvée par le client\nPar Élodie Martin, le 24 novembre 2026, 18:05" in text
    assert f"Piscine n°{NBSP}2, par Marc, le 24 novembre 2026, 18:05" in text
    assert text.count("24 novembre 2026") == 2


def test_what_was_withdrawn_erased_or_removed_is_not_approved(
    job: Generation, alice_client: Client
) -> None:
    other = varied(job)
    approve(job, "Nadia", withdrawn_at=MOMENT)
    approve(other, "Omar")
    Generation.objects.filter(pk=other.pk).update(removed_at=MOMENT)
    approve(job, "")  # as an erasure of the client's words leaves it
    text = text_of(read(alice_client, job))
    assert "Nadia" not in text and "Omar" not in text and "Le 24 novembre 2026, 18:05" in text


def test_comments_with_the_agencys_answers(job: Generation, alice_client: Client) -> None:
    first = comment(job, "Des margelles plus claires ?")
    comment(job, "Sur toutes.", generation=None)
    comment(job, "Avec plaisir.", answers=first, name="Bob")
    comment(varied(job), "D’une autre image.")
    comment(job, "Retiré.", withdrawn_at=MOMENT)
    gone = comment(job, "Retiré aussi.", withdrawn_at=MOMENT)
    comment(job, "Réponse à rien.", answers=gone, name="Bob")
    comment(job, "", name="")
    text = text_of(read(alice_client, job))
    assert text.index("margelles") < text.index("Avec plaisir.") < text.index("Sur toutes.")
    assert "Bob · " in text
    assert not any(word in text for word in ("autre image", "Retiré", "Réponse"))
    without = asked(alice_client, job, comments="")
    assert "margelles" not in text_of(PdfReader(io.BytesIO(body(without))))


def test_the_agencys_brand(job: Generation, alice: Cast, alice_client: Client) -> None:
    row = branding.branding_of(alice.agency)
    row.contact, row.footer, row.accent = "12, rue des Oliviers, Nîmes", "SIRET 123", "#14588c"
    logo = read_logo(plain("orange", (120, 60)))
    row.logo.save(f"{alice.agency.pk.hex}-{logo.sha256[:32]}.png", ContentFile(logo.data))
    row.logo_width, row.logo_height = 120, 60
    row.save()
    reader = read(alice_client, job)
    text = text_of(reader)
    assert all(word in text for word in ("Alice", "12, rue des Oliviers, Nîmes", "SIRET 123"))
    assert [colour_of(each) for each in reader.pages[0].images] == ["orange", "photo", "blue"]


def colour_of(found: Any) -> str:
    image = Image.open(io.BytesIO(found.data)).convert("RGB")
    red, green, blue = image.getpixel((image.width // 2, image.height * 2 // 3))  # type: ignore[misc]
    if blue > 200 > red + green:
        return "blue"
    return "orange" if red > 200 and blue < 60 else "photo" if green > red > blue else "?"


# --- Pictures and the file


def test_before_then_after_each_with_its_words(job: Generation, alice_client: Client) -> None:
    page = read(alice_client, job).pages[0]
    assert [colour_of(each) for each in page.images] == ["photo", "blue"]
    assert page.extract_text().index("Avant") < page.extract_text().index("Après")
    assert page.images[0].data.startswith(b"\xff\xd8")


def test_the_picture_in_it_says_that_ai_made_it(job: Generation, alice_client: Client) -> None:
    """Its JPEG is in there as it is, with its metadata, and the photo's has none."""
    data = body(asked(alice_client, job))
    assert data.count(b"compositeWithTrainedAlgorithmicMedia") == 1


def test_without_its_photo_it_shows_the_picture(job: Generation, alice_client: Client) -> None:
    Generation.objects.filter(pk=job.pk).update(photo=None)
    page = read(alice_client, job).pages[0]
    assert [colour_of(each) for each in page.images] == ["blue"]
    assert "Avant" not in page.extract_text()


def test_tall_pictures_stand_side_by_side(job: Generation, alice_client: Client) -> None:
    put(job.pictures.get().file.name, plain("blue", (240, 320)))
    tops = {op[1][5] for op in images_at(read(alice_client, job))}
    assert len(read(alice_client, job).pages) == 1 and len(tops) >= 1
    lefts = sorted(op[1][4] for op in images_at(read(alice_client, job)))
    assert lefts[1] - lefts[0] > 200, "points"


def images_at(reader: PdfReader) -> list[tuple[str, list[float]]]:
    """The matrix before each image that is drawn."""
    found: list[tuple[str, list[float]]] = []

    def visit(operator: bytes, operands: Any, cm: list[float], tm: list[float]) -> None:
        if operator == b"Do":
            found.append((str(operands[0]), list(cm)))

    reader.pages[0].extract_text(visitor_operand_before=visit)
    return found


def test_what_readers_and_screen_readers_are_told(job: Generation, alice_client: Client) -> None:
    reader = read(alice_client, job)
    facts = reader.metadata
    assert facts and facts.title == f"Élodie à Nîmes – Terrasse n°{NBSP}1"
    assert facts.author == "Alice" and facts.creation_date
    assert reader.trailer["/Root"]["/Lang"] == "fr" and "AI-generated" in str(facts.subject)
    told = str([each.get_object() for each in reader.trailer["/Root"]["/StructTreeRoot"]["/K"]])
    figures = [
        each for each in walked(reader.trailer["/Root"]["/StructTreeRoot"]) if "/Alt" in each
    ]
    assert [each["/Alt"] for each in figures] == ["Avant", "Après"], told


def walked(node: Any) -> list[Any]:
    node = node.get_object()
    if isinstance(node, list):
        return [found for each in node for found in walked(each)]
    if not isinstance(node, dict):
        return []
    return [node, *(walked(node["/K"]) if "/K" in node else [])]


def test_only_the_letters_that_it_has_are_in_it(job: Generation, alice_client: Client) -> None:
    reader = read(alice_client, job)
    fonts = [each.get_object() for each in reader.pages[0]["/Resources"]["/Font"].values()]
    assert len(fonts) == 2
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "OpenSans" in font["/BaseFont"] and "+" in font["/BaseFont"]
        assert len(descriptor["/FontFile2"].get_data()) < 60_000


def test_it_fits_into_a_mail(job: Generation, alice_client: Client) -> None:
    with Image.open(ROOT / "static" / "samples" / "garden.jpg") as garden:
        out = io.BytesIO()
        garden.resize((2560, 1920)).save(out, "PNG")
    put(job.pictures.get().file.name, out.getvalue())
    data = body(asked(alice_client, job))
    made = PdfReader(io.BytesIO(data)).pages[0].images[1].image
    assert made and made.width == 1800 and 100_000 < len(data) < 1_000_000


# --- Hostile words


HOSTILE = (
    "Zoé 🏡👨‍👩‍👧 \u202eمرحبا 花園 שלום Z\u0338\u0361a\u0334lgo \x07\x1b[31m <b> {nb} # "
    "(a\\) 100 % " + "W" * 40
)


def test_words_that_no_typeface_has(job: Generation, alice_client: Client) -> None:
    Project.objects.update(title=HOSTILE[:150])
    approve(job, HOSTILE[:100])
    comment(job, (HOSTILE + " ") * 9, name=HOSTILE[:100])
    lines = {f"label_{n}": HOSTILE[:100].replace("\x07", "").strip() for n in range(1, 9)}
    text = text_of(read(alice_client, job, note=HOSTILE, **lines))
    assert "Zoé" in text and "🏡" not in text and "\u202e" not in text and "\x07" not in text
    assert "\N{REPLACEMENT CHARACTER}" * 2 in text and "{nb} # (a\\)" in text


def test_fifty_long_comments_on_as_many_pages_as_they_need(
    job: Generation, alice_client: Client
) -> None:
    link = link_of(job)
    said = [f"Début{n} " + "très long commentaire " * 44 + f"fin{n}" for n in range(50)]
    rows = [ClientComment(link=link, generation=job, name="E", text=one) for one in said]
    ClientComment.objects.bulk_create([*rows, ClientComment(link=link, text="a\n" * 490)])
    reader = read(alice_client, job)
    text = text_of(reader)
    assert all(f"Début{n} " in text and f"fin{n}\n" in text for n in range(50))
    count = len(reader.pages)
    assert 5 < count < 20 and f"Page {count} sur {count}" in reader.pages[-1].extract_text()
    for page in reader.pages[1:]:
        assert page.extract_text().startswith("Alice – Élodie à Nîmes")


@pytest.mark.parametrize("size", [(600, 17), (17, 240), (600, 240), (16, 16)])
def test_logos_of_any_shape(
    size: tuple[int, int], job: Generation, alice: Cast, alice_client: Client
) -> None:
    row = branding.branding_of(alice.agency)
    logo = read_logo(plain("orange", size))
    row.logo.save(f"{alice.agency.pk.hex}-{logo.sha256[:32]}.png", ContentFile(logo.data))
    row.logo_width, row.logo_height = logo.width, logo.height
    row.save()
    reader = read(alice_client, job)
    wide, high = (abs(images_at(reader)[0][1][n]) / 72 * 25.4 for n in (0, 3))
    assert wide <= 62.1 and high <= 21.1 and 0.9 < wide / high / (size[0] / size[1]) < 1.1


# --- Who gets it, and when there is none


def test_the_form(job: Generation, alice_client: Client) -> None:
    approve(job, "Élodie Martin")
    page = alice_client.get(url_of(job), headers={"accept-language": "fr"}).content.decode()
    assert "Par Élodie Martin, le 24 novembre 2026, 18:05" in page
    assert page.count('name="label_') == 8
    assert 'name="comments"' not in page, "there are none"


def test_a_line_that_is_too_long_is_refused_with_the_way_to_it(
    job: Generation, alice_client: Client
) -> None:
    answer = asked(alice_client, job, label_3="x" * 121, label_1="Terrasse", note="À garder")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'href="#id_label_3"' in page
    assert 'value="Terrasse"' in page and "À garder" in page
    assert asked(alice_client, job, "de").status_code == 422


def test_nobody_of_another_agency(job: Generation, charlie_client: Client) -> None:
    assert charlie_client.get(url_of(job)).status_code == 404
    assert asked(charlie_client, job).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 200), (Role.MEMBER, 200), (Role.VIEWER, 403), (Role.INTEGRATOR, 403)],
)
def test_who_speaks_for_the_agency(
    role: Role, status: int, job: Generation, bob: Membership
) -> None:
    Membership.objects.filter(pk=bob.pk).update(role=role)
    client = signed_in(bob)
    assert client.get(url_of(job)).status_code == status
    assert asked(client, job).status_code == status
    page = client.get(reverse("projects:detail", args=[job.project_id])).content.decode()
    assert (url_of(job) in page) is (status == 200)


@pytest.mark.parametrize("what", ["removed", "erased", "binned"])
def test_of_what_is_gone_there_is_none(what: str, job: Generation, alice_client: Client) -> None:
    row = {"removed": Generation, "erased": Generation, "binned": Project}[what]
    column = "erased_at" if what == "erased" else "removed_at"
    row.objects.update(**{column: timezone.now()})
    assert alice_client.get(url_of(job)).status_code == 404
    assert asked(alice_client, job).status_code == 404


def test_without_a_picture_there_is_none(alice: Cast, alice_client: Client) -> None:
    job = queued_generation(alice)
    assert alice_client.get(url_of(job)).status_code == 404
    assert asked(alice_client, job).status_code == 404


def test_a_storage_that_fails(job: Generation, alice_client: Client, media: Path) -> None:
    path = media / job.pictures.get().file.name
    path.unlink()
    assert asked(alice_client, job).status_code == 404
    path.mkdir()
    assert asked(alice_client, job).status_code == 503
