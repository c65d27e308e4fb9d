"""Support's admin: everything opens, nothing can be written, no secret is shown."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import photo_requests
from accounts.admin import ReadOnlyAdmin
from accounts.choices import Mode, NotificationKind, Role
from accounts.invitations import invite
from accounts.models import (
    Agency,
    ApiKey,
    Branding,
    IdempotentAnswer,
    Invitation,
    KeptBytes,
    LedgerEntry,
    Membership,
    Notification,
    PhotoQuota,
    PhotoRequest,
    RateWindow,
    StaffNote,
    StaffProposal,
    User,
)
from accounts.notification_choices import mail_no_more
from accounts.services import add_member, set_plan
from integrations.iacrea.models import IacreaAccount, RiskyStep
from integrations.webhooks.models import (
    Delivery,
    DeliveryAttempt,
    Event,
    WebhookEndpoint,
    WebhookSecret,
)
from integrations.webhooks.services import create_endpoint, rotate_secret
from projects import keeping, lifecycle
from projects.choices import WrongReason
from projects.models import (
    Approval,
    Attempt,
    CallbackReceipt,
    Complaint,
    Discrepancy,
    Generation,
    GenerationEvent,
    Lease,
    Picture,
    SharedGeneration,
    ShareLink,
    ShareWindow,
    Upload,
)
from projects.pipeline.archive import keep
from projects.sharing import services as sharing
from tests.conftest import Cast, _agency, photo_bytes, signed_in
from tests.developers.pages import planted_call
from tests.garden import processing_generation

pytestmark = pytest.mark.django_db
PASSWORD = "a password for tests"
OURS = [
    model
    for app in ("accounts", "projects", "iacrea", "webhooks")
    for model in apps.get_app_config(app).get_models()
]
# Shown on the page of their generation, their link, their endpoint, or their message.
INLINE = {Attempt, DeliveryAttempt, GenerationEvent, SharedGeneration, WebhookSecret}
# What the doors remember of calls for an hour or three days: nothing that support asks for.
UNSHOWN = {IdempotentAnswer, KeptBytes, RateWindow, ShareWindow}
LISTED = [model for model in OURS if model not in INLINE | UNSHOWN]
OFFERS = ["/add/", "/delete/", "delete_selected", 'name="_save"', "deletelink"]
# On whose lists support has buttons: tests/desk/test_actions.py.
OPERATED = {
    Agency, ApiKey, IacreaAccount, Generation, Discrepancy, Complaint, PhotoRequest, User,
    Membership, Invitation, Notification, WebhookEndpoint, Delivery,
}  # fmt: skip

SECRETS: list[tuple[type[Model], str]] = [
    (User, "password"), (ApiKey, "key_hash"), (Agency, "webhook_secret"), (Upload, "token"),
    (IacreaAccount, "api_key"), (Upload, "file"), (Picture, "file"),
    (Picture, "agency__webhook_secret"), (Membership, "user__password"),
    (Generation, "attempts__token_sha256"), (Generation, "photo__token"),
    (CallbackReceipt, "attempt__token_sha256"), (WebhookEndpoint, "secrets__secret"),
    (Delivery, "endpoint__secrets__secret"), (ShareLink, "token"), (ShareLink, "code"),
    (Approval, "link__token"), (Branding, "logo"), (Invitation, "token_hash"),
]  # fmt: skip


def address(model: type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def pages(model: type[Model], rows: int) -> Iterator[str]:
    """The list of a model, and the page and the history of some of its rows."""
    yield address(model, "changelist")
    for row in model._default_manager.all()[:rows]:
        yield address(model, "change", row.pk)
        yield address(model, "history", row.pk)


def everything(rows: int = 100) -> list[str]:
    apps_pages = [f"/admin/{app}/" for app in sorted({m._meta.app_label for m in LISTED})]
    return ["/admin/", *apps_pages, *(page for model in LISTED for page in pages(model, rows))]


@pytest.fixture
def dana(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("dana@example.org", PASSWORD, name="Dana"))
    return client


def fill(cast: Cast) -> Generation:
    """A row of everything that support may look at; returns the generation that succeeded."""
    name = cast.agency.name
    helper = User.objects.create_user(f"{name}-helper@example.org", PASSWORD)
    member = add_member(agency=cast.agency, user=helper, role=Role.MEMBER)
    IacreaAccount.objects.create(
        membership=member, agency=cast.agency, api_key=f"own-{name}", iacrea_user_id=member.pk
    )
    invite(author=cast.owner, email=f"{name}-new@example.org", role=Role.MEMBER, language="fr")
    RiskyStep.objects.create(generation_id=member.pk, step="archive", begun=1)
    Lease.objects.create(name=name, expires_at=timezone.now())
    planted_call(ApiKey.objects.get(agency=cast.agency, mode=Mode.LIVE))
    endpoint = create_endpoint(agency=cast.agency, mode=Mode.LIVE, url="https://example.org/")
    rotate_secret(endpoint.pk)
    set_plan(agency=cast.agency, photos_per_month=len(name), actor_id="dana")
    succeeded = processing_generation(cast, f"upstream-1-of-{name}")
    lifecycle.found_result(succeeded, ["http://127.0.0.1/result.png"])
    keep(succeeded, 0, photo_bytes(kind="PNG"))
    succeeded.refresh_from_db()
    assert lifecycle.succeed(succeeded)
    CallbackReceipt.objects.create(attempt=succeeded.attempts.get())
    failed = processing_generation(cast, f"upstream-2-of-{name}")
    Generation.objects.filter(pk=failed.pk).update(webhook="https://example.org/hook")
    assert lifecycle.fail_upstream(failed)
    lost = processing_generation(cast, f"upstream-3-of-{name}")
    assert lifecycle.expire(lost)
    keeping.complain(succeeded, author=cast.owner, reason=WrongReason.OTHER, text="a window")
    say_yes(cast, succeeded)
    StaffNote.objects.create(agency=cast.agency, author=helper, text="calls on Mondays")
    StaffProposal.objects.create(
        agency=cast.agency, command="grant", target_id=cast.agency.pk, reason="a fair",
        proposed_by=helper,
    )  # fmt: skip
    photo_requests.ask(cast.owner, photos=40, message="by Friday")
    return succeeded


def say_yes(cast: Cast, job: Generation) -> None:
    """A client, on a link with a code; the agency looks its own way and is told its own way."""
    Branding.objects.create(agency=cast.agency, accent="#2c6a4b")
    mail_no_more(cast.owner, NotificationKind.READY)
    link = sharing.create_link(
        project=job.project, author=cast.owner, generations=[job], with_code=True
    )
    shared = link.shared.get()
    sharing.approve(link, shared, name="Odile", network="127.0.0.0")
    sharing.comment(link, shared, name="Odile", text="Wider?", network="127.0.0.0")


@pytest.fixture
def job(alice: Cast) -> Generation:
    return fill(alice)


def secrets_of(alice: Cast) -> Iterator[str]:
    yield from (alice.api_key, alice.test_api_key)
    yield from Agency.objects.values_list("webhook_secret", flat=True)
    yield from IacreaAccount.objects.values_list("api_key", flat=True)
    yield from WebhookSecret.objects.values_list("secret", flat=True)
    yield from ApiKey.objects.values_list("key_hash", flat=True)
    yield from User.objects.values_list("password", flat=True)
    yield from Attempt.objects.values_list("token_sha256", flat=True)
    yield from Upload.objects.values_list("token", flat=True)
    yield from Upload.objects.values_list("file", flat=True)
    yield from Picture.objects.values_list("file", flat=True)
    yield from ShareLink.objects.values_list("token", flat=True)
    yield from ShareLink.objects.values_list("token_sha256", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook_secret FROM accounts_agency")
        yield from (row[0] for row in cursor.fetchall())
        cursor.execute("SELECT secret FROM webhooks_webhooksecret")
        yield from (row[0] for row in cursor.fetchall())


class Inline(HTMLParser):
    """What a strict Content-Security-Policy would refuse to run or to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = {name for name, _value in attributes}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [f"{tag} {n}" for n in names if n == "style" or n.startswith("on")]


def inline(html: str) -> list[str]:
    reader = Inline()
    reader.feed(html)
    return reader.found


def test_support_sees_our_rows_and_cannot_do_more() -> None:
    get_resolver().url_patterns  # noqa: B018  # what libraries registered goes with the URLs
    registered = admin.site._registry
    assert set(registered) == set(LISTED)
    assert all(isinstance(view, ReadOnlyAdmin) for view in registered.values())


@pytest.mark.parametrize("app", ["django_q", "mfa", "account", "auth", "usersessions"])
def test_no_forms_of_libraries(app: str, dana: Client) -> None:
    """django-q2's "resubmit" among them."""
    assert dana.get(f"/admin/{app}/").status_code == 404
    assert f"/admin/{app}/" not in dana.get("/admin/").content.decode()


def test_every_page_opens(dana: Client, job: Generation, alice: Cast) -> None:
    """It offers nothing that it would refuse, shows no secret, and works under our policy."""
    hidden = list(secrets_of(alice))
    assert len(hidden) > 15 and all(len(secret) > 8 for secret in hidden)
    for model in LISTED:
        assert model._default_manager.exists(), f"the test has no {model.__name__} to look at"
    operated = {address(model, "changelist") for model in OPERATED}
    for page in everything():
        answer = dana.get(page)
        html = answer.content.decode()
        assert answer.status_code == 200, page
        assert ('name="action"' in html) == (page in operated), page
        assert [offer for offer in OFFERS if offer in html] == [], page
        assert [secret for secret in hidden if secret in html] == [], page
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy
        assert inline(html) == [], page


def test_every_filter_and_column_can_be_clicked(dana: Client, job: Generation) -> None:
    for model in LISTED:
        page = address(model, "changelist")
        html = dana.get(page).content.decode()
        # Each filter, and each column once: not turned around, not after another.
        links = set(re.findall(r'href="(\?(?!o=-)[^".]+)"', html))
        assert links or model is CallbackReceipt, f"{page} cannot be sorted"
        for link in links:
            answer = dana.get(page + link.replace("&amp;", "&"))
            assert answer.status_code == 200, link


def found(dana: Client, model: type[Model], words: object) -> list[Model]:
    answer = dana.get(address(model, "changelist"), {"q": str(words)})
    assert answer.status_code == 200
    return list(answer.context["cl"].queryset)


def test_pasting_anything_finds_its_row(
    dana: Client, job: Generation, alice: Cast, charlie: Cast
) -> None:
    fill(charlie)
    assert found(dana, Generation, job.pk) == [job]
    assert found(dana, Agency, alice.agency.pk) == [alice.agency]
    assert found(dana, User, "ALICE@example.org") == [alice.owner.user]
    assert found(dana, Membership, alice.user_id) == [alice.owner]
    assert [key.agency for key in found(dana, ApiKey, alice.api_key[:15])] == [alice.agency]
    assert found(dana, Picture, job.pk) == list(job.pictures.all())
    assert found(dana, Upload, job.photo.pk) == [job.photo]
    assert len(found(dana, LedgerEntry, job.pk)) == 2
    assert {row.agency for row in found(dana, Delivery, "alice")} == {alice.agency}
    assert {row.agency for row in found(dana, Event, "alice")} == {alice.agency}
    assert [row.agency for row in found(dana, WebhookEndpoint, "alice")] == [alice.agency]
    assert found(dana, CallbackReceipt, job.pk)


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
def test_nothing_can_be_written(model: type[Model], dana: Client, job: Generation) -> None:
    before = {each: list(each._default_manager.order_by("pk").values()) for each in OURS}
    row = model._default_manager.first()
    assert row is not None
    fields = {field.name: "1" for field in model._meta.fields} | {"_save": "Save", "post": "yes"}
    for page, arguments in (("add", ()), ("change", (row.pk,)), ("delete", (row.pk,))):
        assert dana.post(address(model, page, *arguments), fields).status_code == 403, page
    assert dana.get(address(model, "add")).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
    listed = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(row.pk)}
    dana.post(address(model, "changelist"), bulk)
    dana.post(address(model, "changelist"), {**listed, **fields})
    assert before == {each: list(each._default_manager.order_by("pk").values()) for each in OURS}


def test_a_search_does_not_find_by_secrets(dana: Client, job: Generation, alice: Cast) -> None:
    """Else a secret could be guessed letter by letter."""
    for model in LISTED:
        named = admin.site._registry[model].search_fields
        assert not [f for f in named if re.search(r"secret|api_key$|hash|password|token", f)]


def test_an_address_does_not_filter_by_secrets(dana: Client, job: Generation) -> None:
    for model, name in SECRETS:
        for lookup in (name, f"{name}__startswith", f"{name}__isnull"):
            answer = dana.get(address(model, "changelist"), {lookup: "1"})
            assert answer.status_code == 400, f"{model.__name__}: {lookup}"
    page = address(Generation, "changelist")
    assert dana.get(page, {"status__exact": "QUEUED"}).status_code == 200


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
def test_an_address_filters_by_what_is_offered_only(model: type[Model]) -> None:
    """Whatever else a model and its neighbours have."""
    view = admin.site._registry[model]
    for name in paths(model):
        allowed = view.lookup_allowed(f"{name}__startswith", "p", None)
        assert allowed == (name in offers(model)), name


def offers(model: type[Model]) -> set[str]:
    """The fields that a list's filters name."""
    named = admin.site._registry[model].list_filter
    return {str(name) if isinstance(name, str) else str(name[0]) for name in named}


def paths(model: type[Model]) -> Iterator[str]:
    """Each field of a model, and of what it points to or is pointed at by."""
    for field in model._meta.get_fields():
        yield field.name
        neighbour = field.related_model
        if isinstance(neighbour, type) and issubclass(neighbour, Model):
            yield from (f"{field.name}__{far.name}" for far in neighbour._meta.fields)


def test_lists_cost_the_same_for_one_row_and_for_three(dana: Client, job: Generation) -> None:
    def cost() -> dict[str, int]:
        counts = {}
        for model in LISTED:
            with CaptureQueriesContext(connection) as queries:
                dana.get(address(model, "changelist"))
            counts[model.__name__] = len(queries)
        return counts

    one = cost()
    for name in ("Charlie", "Denise"):
        fill(_agency(name, f"{name}@example.org", 10))
    assert cost() == one and max(one.values()) <= 12


def test_the_page_of_a_job_tells_its_story(dana: Client, job: Generation) -> None:
    with CaptureQueriesContext(connection) as queries:
        html = dana.get(address(Generation, "change", job.pk)).content.decode()
    for told in ("upstream-1-of-Alice", "T12", str(job.project), "Alice"):
        assert told in html
    assert len(queries) <= 12, "tests/desk/test_generation_page.py has a longer story"


def test_members_stay_outside(job: Generation, alice_client: Client) -> None:
    for page in everything(rows=1):
        assert alice_client.get(page, follow=True).status_code == 403, page


def test_staff_without_permissions_sees_nothing(job: Generation, alice: Cast) -> None:
    User.objects.filter(pk=alice.owner.user_id).update(is_staff=True)
    alice.owner.user.refresh_from_db()
    client = signed_in(alice.owner)
    assert client.get("/admin/").status_code == 200
    for page in set(everything(rows=1)) - {"/admin/"}:
        assert client.get(page).status_code in (403, 404), page


def test_signing_in_goes_through_our_own_page(dana: Client, client: Client) -> None:
    """There the limits count and the second factor is asked for."""
    answer = client.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"] == reverse("account_login")
    here = {"username": "dana@example.org", "password": PASSWORD}
    client.post("/admin/login/", here)
    assert "_auth_user_id" not in client.session
    there = {"login": "dana@example.org", "password": PASSWORD}
    answer = client.post(reverse("account_login") + "?next=/admin/", there)
    assert answer.status_code == 302 and answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_balances_are_the_ones_of_the_ledger(dana: Client, job: Generation) -> None:
    quota = PhotoQuota.objects.get(agency=job.agency, mode="live")
    html = dana.get(address(PhotoQuota, "change", quota.pk)).content.decode()
    assert ">9<" in html and ">1<" in html
