"""What django-q2 runs: ids in, one service each. A task is a hint and may run twice."""

import logging
from collections.abc import Callable
from time import monotonic
from uuid import UUID

from accounts import idempotency, photo_requests, request_log, seen, sign_up
from accounts import sweep as photo_sweep
from accounts.kept_bytes import fold
from accounts.ledger_audit import audit_and_tell
from accounts.notifications import sweep_notifications
from integrations.doors import queue
from integrations.doors.clock import database_now
from integrations.doors.request_id import named
from integrations.iacrea import credits
from integrations.webhooks import retention
from projects import erasure, kept_bytes, news, orphans, sweeper
from projects.models import Generation
from projects.notices import mails
from projects.pipeline import archive, dispatch, inputs, submit
from projects.pipeline import sweep as sweeping
from projects.pipeline.names import name_of
from projects.retention import bin_the_old
from projects.sharing import limits
from projects.team import mails as team_mails

logger = logging.getLogger(__name__)
# What is left then is taken an hour later.
MOST_BATCHES = 50
# With a batch more, well under the queue's timeout.
SWEEPS_FOR_S = 60


def prepare_inputs(generation_id: str) -> None:
    _with_generation(generation_id, inputs.prepare)


def submit_generation(generation_id: str) -> None:
    _with_generation(generation_id, submit.submit)


def archive_generation(generation_id: str) -> None:
    _with_generation(generation_id, archive.archive)


def sweep() -> None:
    sweeping.run_term()


def sing() -> None:
    """Asked for by a supervisor whose cluster was silent; its end is the song. A sweep that died is
    soon replaced, too."""
    sweeper.ensure(database_now())


def ensure_sweeper() -> None:
    """The watchdog, once a minute by django-q2's scheduler; news to authors who left; and the
    counts of the storage, summed up."""
    sweeper.ensure(database_now())
    news.tell_who_left()
    fold()


def mail_author(generation_id: str) -> None:
    _with_generation(generation_id, news.tell_author)


def mail_confirmation(user_id: str) -> None:
    sign_up.mail(UUID(user_id))


def mail_notification(notification_id: str) -> None:
    mails.mail(notification_id)


def mail_invitation(invitation_id: str, expected_hash: str) -> None:
    team_mails.mail_invitation(UUID(invitation_id), expected_hash)


def mail_photo_request(request_id: str) -> None:
    photo_requests.mail_operator(UUID(request_id))


def ask_credits() -> None:
    """How many photos the accounts at iacrea have left, once an hour by the scheduler."""
    for account_id in credits.stale_accounts():
        queue.enqueue("projects.tasks.ask_credit", str(account_id))


def ask_credit(account_id: str) -> None:
    credits.ask_for_credit(UUID(account_id))


def sweep_photos() -> None:
    """Expiry, monthly plans and the refill of test mode, once an hour by the scheduler; and what
    creates answered three days ago, and calls of 30 days ago."""
    for _batch in range(MOST_BATCHES):
        if photo_sweep.sweep_photos() < photo_sweep.BATCH:
            break
    _in_batches("sweep_photos", idempotency.forget_old_answers, request_log.forget_old)


def sweep_files() -> None:
    """Files that no row has, once a night by the scheduler."""
    orphans.sweep_files()


def empty_the_bin() -> None:
    """What was removed 30 days ago goes out, what agencies keep no longer goes in, once a night by
    the scheduler; and how often share links were tried."""
    _in_batches("empty_the_bin", limits.forget_old, erasure.empty_the_bin, bin_the_old)


def sweep_messages() -> None:
    """Events, deliveries, notifications, ended sessions and failed tasks that are kept no longer,
    once a night by the scheduler."""
    kinds = retention.sweep_messages, sweep_notifications, seen.forget_old, queue.forget_failures
    _in_batches("sweep_messages", *kinds)


def audit_ledger() -> None:
    """What `manage.py audit_ledger` and `count_storage` do, once a night by the scheduler."""
    _entries, differences = audit_and_tell()
    for line in differences:
        logger.error("the photo ledger: %s", line)
    for agency_id, missing in kept_bytes.mend():
        logger.warning("agency %s: %+d bytes of storage were not counted", agency_id, missing)


def _in_batches(name: str, *batches: Callable[[], int]) -> None:
    """Each until it finds nothing, for a minute at most: the rest is another task's, and other
    tasks have their turn before it."""
    until = monotonic() + SWEEPS_FOR_S
    for batch in batches:
        while batch():
            if monotonic() > until:
                queue.enqueue(f"projects.tasks.{name}")
                return


def _with_generation(generation_id: str, work: Callable[[Generation], None]) -> None:
    generation = (
        Generation.objects.select_related("agency", "account", "photo", "mask", "parent")
        .filter(pk=generation_id)
        .first()
    )
    if generation is None:
        logger.info("generation %s is gone, its task is dropped", generation_id)
        return
    with named(name_of(generation)):
        work(generation)
    dispatch.hand_out()  # this worker is free: it need not wait for the next pass of the sweep
