"""What is answered to a customer is true, whatever became of the picture."""

from collections.abc import Callable

import pytest

from accounts.choices import Mode, StaffReason
from accounts.models import Membership, User
from projects import estimates, keeping, lifecycle, support
from projects.choices import FailureCode, Status
from projects.desk.answer.ends import END
from projects.desk.answer.letter import Told, answer_to, language_of
from projects.desk.timeline.story import story_of
from projects.estimates import Estimate
from projects.models import Generation
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import again, archiving_generation, backdate, submitting, unconfirmed

pytestmark = pytest.mark.django_db
HELD, BACK = "1 photo is held for it", "1 photo was given back to your agency."
CHARGED, NOT_TWICE = "1 photo was charged for it.", "not made twice"
ALL = (HELD, BACK, CHARGED)


@pytest.fixture(autouse=True)
def in_english(db: None) -> None:
    estimates.forget()


def text(job: Generation) -> str:
    job = again(job)
    story = story_of(job, lambda _model: True)
    return answer_to(Told(job, story.books, story.made_again_at)).text


def speaks(cast: Cast, language: str) -> None:
    User.objects.filter(pk=cast.owner.user_id).update(language=language)
    cast.owner.user.refresh_from_db()


def expired(make: Callable[[Cast], Generation]) -> Callable[[Cast], Generation]:
    def made(cast: Cast) -> Generation:
        job = make(cast)
        assert lifecycle.expire(job)
        return job

    return made


def canceled(cast: Cast) -> Generation:
    job = queued_generation(cast)
    assert lifecycle.cancel(job, actor_id="")
    return job


def refused(cast: Cast) -> Generation:
    job = queued_generation(cast)
    assert lifecycle.refuse_inputs(job, "mask_empty")
    return job


def failed(cast: Cast) -> Generation:
    job = processing_generation(cast)
    assert lifecycle.fail_upstream(job)
    return job


ENDS: dict[str, tuple[Callable[[Cast], Generation], list[str]]] = {
    Status.SUCCEEDED: (succeeded_generation, ["It was ready on", "It is here: http", CHARGED]),
    Status.CANCELED: (canceled, ["It was canceled on", BACK]),
    FailureCode.INVALID_INPUT: (refused, ["The zone covers nothing.", BACK]),
    FailureCode.UPSTREAM_UNAVAILABLE: (expired(queued_generation), ["could not be reached", BACK]),
    FailureCode.GENERATION_FAILED: (failed, ["did not manage it", BACK]),
    FailureCode.OUTCOME_UNKNOWN: (expired(unconfirmed), ["no clear answer", NOT_TWICE, BACK]),
    FailureCode.TIMED_OUT: (expired(processing_generation), ["had not finished it", BACK]),
    FailureCode.RESULT_LOST: (expired(archiving_generation), ["could not be fetched", BACK]),
    Status.QUEUED: (queued_generation, ["It waits to be sent", HELD]),
    Status.SUBMITTING: (submitting, ["is being sent", HELD]),
    Status.UNCONFIRMED: (unconfirmed, ["no clear answer yet", NOT_TWICE, "ends by itself", HELD]),
    Status.PROCESSING: (processing_generation, ["is making it", HELD]),
    Status.ARCHIVING: (archiving_generation, ["It is made, and is being fetched", HELD]),
}


def test_each_end_is_tried() -> None:
    codes = set(FailureCode.values) - {FailureCode.CANCELED}
    assert set(ENDS) == set(END) == codes | set(Status.values) - {Status.FAILED}


@pytest.mark.parametrize("end", ENDS)
def test_each_end_is_told_as_it_is(alice: Cast, end: str) -> None:
    speaks(alice, "en")
    make, said = ENDS[end]
    answer = text(job := make(alice))
    for words in said:
        assert words in answer, (words, answer)
    assert [words for words in ALL if words in answer] == [w for w in ALL if w in said]
    assert answer.startswith("Hello Alice,\n\nTerrace, of the project “Jardin Martin”, was asked")
    assert str(job.pk) in answer and answer.endswith("Parterre support")
    other = [each for each in ENDS.values() if each[1][0] not in answer]
    assert len(other) >= len(ENDS) - 2, "no other end's words"


def test_how_long_it_usually_takes(alice: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    speaks(alice, "en")
    usual = "Half of all pictures take less than 38 s, nine of ten less than 1 min 05 s."
    assert "Half of all" not in text(processing_generation(alice)), "nobody knows yet"
    monkeypatch.setattr(
        "projects.desk.answer.letter.estimate", lambda _origin: Estimate(usual=38, late=65)
    )
    assert usual in text(processing_generation(alice, "2"))
    assert "Half of all" not in text(succeeded_generation(alice, "3"))


def test_what_was_made_good(alice: Cast) -> None:
    speaks(alice, "en")
    job = succeeded_generation(alice)
    assert "to make up for it" not in text(job)
    support.refund(again(job), code=StaffReason.BAD_PICTURE, actor_id="dana", reason="so")
    assert CHARGED in text(job) and "we gave your agency 1 photo to make up for it." in text(job)


def test_what_came_late(alice: Cast) -> None:
    speaks(alice, "en")
    lost = expired(unconfirmed)(alice)
    second = lifecycle.recover(again(lost), "late-1", ["http://127.0.0.1/1.png"])
    assert second
    assert "has come after all, and is being fetched, free" in text(lost)
    assert "it came after all" in text(second) and "It costs no photo." in text(second)
    from projects.pipeline.archive import keep
    from tests.conftest import photo_bytes

    keep(second, 0, photo_bytes(kind="PNG"))
    assert lifecycle.succeed(again(second))
    assert f"later and free: http://testserver/projets/{second.project_id}" in text(lost)
    assert str(second.pk) in text(lost) and "It cost no photo." in text(second)


def test_a_deadline_that_is_past_is_not_promised(alice: Cast) -> None:
    speaks(alice, "en")
    job = unconfirmed(alice)
    backdate(job, 24 * 3600, "status_since")
    assert "ends by itself" not in text(job) and "no clear answer yet" in text(job)


def test_it_points_to_no_page_that_is_not_there(alice: Cast) -> None:
    speaks(alice, "en")
    job = succeeded_generation(alice)
    assert keeping.remove_generation(again(job), actor_id="")
    assert "in the bin since" in text(job) and "It is here" not in text(job)
    Generation.objects.filter(pk=job.pk).update(erased_at=job.ended_at)
    assert "deleted for good on" in text(job) and "Jardin Martin" not in text(job)
    assert "can be brought back" not in text(job)


def test_a_test_is_called_one(alice: Cast) -> None:
    speaks(alice, "en")
    told = text(queued_generation(alice, Mode.TEST))
    assert "none of your live photos was used" in told


def test_in_the_language_of_the_author_or_an_owner(alice: Cast, bob: Membership) -> None:
    job = again(queued_generation(alice))
    assert language_of(job) == "fr" and "Terrasse" in text(job)
    speaks(alice, "en")
    assert language_of(again(job)) == "en"
    Generation.objects.filter(pk=job.pk).update(author=bob)
    assert language_of(again(job)) == "en", "Bob never chose: the owner did"
    User.objects.filter(pk=bob.user_id).update(language="fr")
    assert language_of(again(job)) == "fr"
    Generation.objects.filter(pk=job.pk).update(author=None)
    assert text(job).startswith("Hello,\n")


def test_names_stay_on_their_line(alice: Cast) -> None:
    User.objects.filter(pk=alice.owner.user_id).update(name="Ali\nce\u202e", language="en")
    assert text(queued_generation(alice)).startswith("Hello Ali ce,\n")


def test_made_again_free_is_told(alice: Cast, bob: Membership) -> None:
    from uuid import uuid4

    from projects import free_retry

    speaks(alice, "en")
    job = failed(alice)
    assert free_retry.retry(again(job), new_id=uuid4(), actor_id=str(bob.pk), reason="so")
    told = text(job)
    assert "we asked for it again, free for your agency" in told and BACK in told
