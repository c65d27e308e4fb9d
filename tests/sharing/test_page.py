"""The public page: what it shows to whom, what it keeps to itself, and when it ends."""

import gzip
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts import branding
from deploy.scripts import STATIC, TEMPLATES, at_once, scripts_of, weight
from projects import erasure, keeping
from projects.models import Project, ShareLink
from projects.sharing import services
from tests.conftest import Cast
from tests.garden import succeeded_generation
from tests.sharing.made import approve, at, comment, look, send, shared, two_pictures

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
IMAGE = "/1/after-480.jpg"


def views(link: ShareLink) -> int:
    return ShareLink.objects.get(pk=link.pk).views


def a_second_later(link: ShareLink) -> None:
    ShareLink.objects.update(last_viewed_at=timezone.now() - timedelta(seconds=2))


def test_it_shows_each_chosen_picture_beside_its_photo(alice: Cast, client: Client) -> None:
    first, second = two_pictures(alice)
    html = look(client, at(shared(alice, [second, first]))).content.decode()
    assert re.findall(r'/(\d/\w+)-828\.jpg"', html) == [
        "1/before",
        "1/after",
        "2/before",
        "2/after",
    ]
    assert html.count("AI-generated image") == 2 and "Jardin Martin" in html
    for side in ("before", "after"):
        for kind in ("avif", "webp", "jpg"):
            answer = look(client, at(shared(alice, [first]), f"/1/{side}-480.{kind}"))
            assert Image.open(io.BytesIO(answer.getvalue())).size == (320, 240)


def test_only_what_was_chosen(alice: Cast, client: Client) -> None:
    first, _second = two_pictures(alice)
    link = shared(alice, [first])
    assert look(client, at(link, IMAGE)).status_code == 200
    for other in ("/2/after-480.jpg", "/0/after-480.jpg", "/1/mask-480.jpg", "/1/after-481.jpg"):
        assert look(client, at(link, other)).status_code == 404
    assert look(client, at(link, "/1/after-480.gif")).status_code == 404


def test_what_went_to_the_bin_is_not_shown(alice: Cast, client: Client) -> None:
    first, second = two_pictures(alice)
    link = shared(alice, [first, second])
    keeping.remove_generation(first, actor_id="alice")
    html = look(client, at(link)).content.decode()
    assert "/2/after" in html and "/1/after" not in html
    assert look(client, at(link, IMAGE)).status_code == 404
    assert look(client, at(link, "/preview.jpg")).status_code == 200
    keeping.remove_generation(second, actor_id="alice")
    assert "were taken back" in look(client, at(link)).content.decode()
    assert look(client, at(link, "/preview.jpg")).status_code == 404


@pytest.mark.parametrize("how", ["revoked", "expired", "in the bin", "erased"])
def test_what_has_ended_is_gone_at_once_with_its_pictures(
    alice: Cast, client: Client, how: str
) -> None:
    branding.change_look(
        agency=alice.agency, actor_id="", accent="", contact="04 90 00 00 00", footer="SIRET 1"
    )
    link = shared(alice)
    urls = [at(link, rest) for rest in ("", IMAGE, "/1/before-480.jpg", "/preview.jpg")]
    kept = [look(client, url).headers for url in urls]
    end(link, how)
    for url, headers in zip(urls, kept, strict=True):
        # Browsers that kept it ask again, with what they know it by.
        answer = look(client, url, if_none_match=headers.get("ETag", '"x"'))
        assert answer.status_code == 410 and headers["Cache-Control"] == "private, no-cache"
        html = answer.content.decode()
        assert "Alice" in html and "04 90 00 00 00" in html and 'href="tel:0490000000"' in html
        assert "SIRET" not in html and "Martin" not in html and "og:" not in html
    assert approve(client, link).status_code == comment(client, link).status_code == 410


def end(link: ShareLink, how: str) -> None:
    project = Project.objects.get(pk=link.project_id)
    if how == "revoked":
        services.revoke(link, actor_id="")
    elif how == "expired":
        ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "in the bin":
        assert keeping.remove_project(project)
    else:
        assert erasure.erase_project(project)


def test_a_project_that_comes_back_shows_its_link_again(alice: Cast, client: Client) -> None:
    link = shared(alice)
    project = Project.objects.get(pk=link.project_id)
    keeping.remove_project(project)
    keeping.bring_back_project(project)
    assert look(client, at(link)).status_code == 200


def test_an_unknown_token_looks_like_any_other(alice: Cast, client: Client) -> None:
    link = shared(alice)
    ends = ["", "/", "/code", IMAGE, "/preview.jpg", "/nothing", "/1/after-480.jpg/x", "/%0A"]
    for token in ("x", link.token[:-1], link.token + "x", link.token.swapcase(), str(link.pk)):
        for rest in ends:
            answer = look(client, f"/p/{token}{rest}")
            assert answer.status_code in (404, 405), (token, rest)
            assert answer.status_code == 405 or b"Nothing is here" in answer.content
            assert not answer.cookies
    assert len(link.token) == 32, "192 bits"


def test_no_answer_sets_a_cookie_or_may_be_listed(alice: Cast, client: Client) -> None:
    link, coded = shared(alice), shared(alice, with_code=True)
    answers = [
        look(client, at(link)),
        look(client, at(link, IMAGE)),
        look(client, at(link, "/preview.jpg")),
        look(client, at(coded)),
        send(client, at(coded, "/code"), code="000000x"),
        approve(client, link),
        comment(client, link),
        send(client, at(link, "/1/comment"), name=""),
        send(client, at(link, "/withdraw"), said="a1"),
        client.post(at(link, "/1/approve"), b"--x", content_type="multipart/form-data"),
        client.post(at(link, "/1/approve"), {f"f{n}": "" for n in range(1001)}),
        client.delete(at(link)),
        look(client, "/p/unknown"),
    ]
    statuses = [200, 200, 200, 200, 403, 303, 303, 422, 404, 400, 400, 405, 404]
    assert [answer.status_code for answer in answers] == statuses
    for answer in answers:
        assert not answer.cookies and "Cookie" not in answer.headers.get("Vary", "")
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "private, no-cache"
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "connect-src 'none'" in policy
        assert "unsafe" not in policy and "blob:" not in policy


def test_a_session_changes_nothing(alice: Cast, alice_client: Client, client: Client) -> None:
    link = shared(alice)
    ours, theirs = look(alice_client, at(link)), look(client, at(link))
    assert ours.content == theirs.content and not ours.cookies


def test_it_speaks_the_readers_language(alice: Cast, client: Client) -> None:
    link = shared(alice)
    for header, language in (("en-GB,en", "en"), ("fr-CH", "fr"), ("de", "fr"), ("", "fr")):
        html = client.get(at(link), headers={"accept-language": header}).content.decode()
        assert f'<html lang="{language}">' in html


def test_the_photo_may_be_gone(alice: Cast, client: Client) -> None:
    job = succeeded_generation(alice)
    link = shared(alice, [job])
    type(job).objects.filter(pk=job.pk).update(photo=None)
    html = look(client, at(link)).content.decode()
    assert "/1/after" in html and "/1/before" not in html and "data-compare" not in html
    assert look(client, at(link, "/1/before-480.jpg")).status_code == 404


# --- Open Graph


def test_a_messenger_sees_agency_title_and_picture(alice: Cast, client: Client) -> None:
    link = shared(alice)
    html = look(client, at(link)).content.decode()
    facts = dict(re.findall(r'property="og:([\w:]+)" content="([^"]*)"', html))
    assert facts["site_name"] == "Alice" and facts["title"] == "Jardin Martin"
    assert facts["url"] == f"http://testserver{at(link)}"
    picture = look(client, facts["image"].removeprefix("http://testserver"))
    assert Image.open(io.BytesIO(picture.getvalue())).size == (1200, 630)
    assert (facts["image:width"], facts["image:height"]) == ("1200", "630")


def test_a_link_with_a_code_shows_nothing_to_a_messenger(alice: Cast, client: Client) -> None:
    link = shared(alice, with_code=True)
    html = look(client, at(link)).content.decode()
    assert "og:" not in html and "Jardin Martin" not in html
    assert look(client, at(link, "/preview.jpg")).status_code == 404
    assert look(client, at(link, IMAGE)).status_code == 404


# --- Views


def test_each_look_of_a_person_is_counted(alice: Cast, client: Client) -> None:
    link = shared(alice)
    for count in (1, 2):
        look(client, at(link), user_agent=PHONE)
        assert views(link) == count
        a_second_later(link)
    for rest in (IMAGE, "/preview.jpg"):
        look(client, at(link, rest), user_agent=PHONE)
    client.head(at(link))
    assert views(link) == 2


@pytest.mark.parametrize(
    "robot",
    [
        "facebookexternalhit/1.1 Facebot Twitterbot/1.0", "WhatsApp/2.23.20", "TelegramBot (like)",
        "Slackbot-LinkExpanding 1.0", "Mozilla/5.0 (compatible; Googlebot/2.1)", "SkypeUriPreview",
        "Mozilla/5.0 (compatible; Discordbot/2.0)",
    ],
)  # fmt: skip
def test_a_robot_is_not_counted(alice: Cast, client: Client, robot: str) -> None:
    link = shared(alice)
    assert look(client, at(link), user_agent=robot).status_code == 200
    assert views(link) == 0


def test_nor_what_is_fetched_early_nor_our_own_people(
    alice: Cast, alice_client: Client, client: Client
) -> None:
    link = shared(alice)
    look(client, at(link), user_agent=PHONE, sec_purpose="prefetch;prerender")
    look(alice_client, at(link), user_agent=PHONE)
    look(client, f"{at(link)}?just=approved", user_agent=PHONE)
    assert views(link) == 0


def test_a_storm_of_looks_is_few_writes(alice: Cast, client: Client) -> None:
    link = shared(alice)
    for _ in range(5):
        look(client, at(link), user_agent=PHONE)
    assert views(link) <= 2


def test_a_page_asks_the_database_little(
    alice: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    link = shared(alice, two_pictures(alice))
    with django_assert_max_num_queries(10):
        look(client, at(link))
    with django_assert_max_num_queries(4):
        look(client, at(link, IMAGE))


def test_a_picture_that_did_not_change_is_not_sent_again(alice: Cast, client: Client) -> None:
    link = shared(alice)
    etag = look(client, at(link, IMAGE))["ETag"]
    assert look(client, at(link, IMAGE), if_none_match=etag).status_code == 304


def test_it_is_light(alice: Cast, client: Client) -> None:
    """Compressed, in bytes: its HTML, its scripts, its style."""
    page = look(client, at(shared(alice, two_pictures(alice)))).content
    scripts = weight(at_once(scripts_of(TEMPLATES / "share/page.html")))
    style = gzip.compress((STATIC / "css/share.css").read_bytes())
    assert (len(gzip.compress(page)) <= 8000, scripts <= 4000, len(style) <= 8000) == (True,) * 3
