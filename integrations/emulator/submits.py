"""The two calls that take in a job: `generate` and `generate-variation`."""

import sqlite3
from dataclasses import replace
from uuid import uuid4

from integrations.emulator import book, jobs, webhook
from integrations.emulator.book import Account
from integrations.emulator.faults.rule import Subject
from integrations.emulator.fields import Fields
from integrations.emulator.jobs import Job, Order
from integrations.emulator.machine import Machine
from integrations.emulator.messages import Refusal, Reply, Request, json_reply

NO_PHOTOS = "No photos left: buy photos or renew your subscription."


def generate(machine: Machine, request: Request) -> Reply:
    """Raises `Refusal`."""
    key, fields = request.api_key, Fields(request.body)
    user_id = fields.uuid("user_id")
    order = _generation(fields, request.origin, machine.settings.cost)
    with machine.store.transaction() as db:
        account = book.open_account(db, key, user_id, machine.settings.photos)
        remaining = _take_in(db, machine, account, order, fields.optional_text("simulate"))
    _started(machine, order.generation_id)
    answer = {
        "generation_id": order.generation_id,
        "remaining_photos": remaining,
        "project_id": order.project_id,
    }
    return json_reply(answer, generation_id=order.generation_id)


def vary(machine: Machine, request: Request) -> Reply:
    """Raises `Refusal`."""
    key, fields = request.api_key, Fields(request.body)
    user_id, previous_id = fields.uuid("user_id"), fields.uuid("generation_id")
    order = _variation(fields, request.origin, previous_id)
    with machine.store.transaction() as db:
        account = book.open_account(db, key, user_id, machine.settings.photos)
        project_id = owned(db, account, previous_id).project_id
        cost = _price(db, machine, project_id)
        order = replace(order, project_id=project_id, cost=cost)
        _take_in(db, machine, account, order, fields.optional_text("simulate"))
    _started(machine, order.generation_id)
    return json_reply({"generation_id": order.generation_id}, generation_id=order.generation_id)


def owned(db: sqlite3.Connection, account: Account, generation_id: str) -> Job:
    """Raises `Refusal`: another account's job looks like none."""
    job = jobs.find(db, generation_id)
    if job is None or job.account_id != account.id:
        raise Refusal(404, f"There is no generation {generation_id}.")
    return job


def _generation(fields: Fields, origin: str, cost: int) -> Order:
    return Order(
        generation_id=str(uuid4()),
        project_id=str(uuid4()),
        parent_id=None,
        room_type=fields.one_of("room_type", jobs.ROOM_TYPES),
        image_url=fields.url("image_url"),
        mask_url=fields.url("mask_url"),
        width=fields.pixels("width"),
        height=fields.pixels("height"),
        webhook=fields.optional_url("webhook"),
        origin=origin,
        cost=cost,
    )


def _variation(fields: Fields, origin: str, previous_id: str) -> Order:
    """Project and price are known when the previous generation is."""
    return Order(
        generation_id=str(uuid4()),
        project_id="",
        parent_id=previous_id,
        room_type=fields.one_of("room_type", jobs.ROOM_TYPES),
        image_url=fields.url("original_url"),
        mask_url=fields.optional_url("mask_url"),
        width=None,
        height=None,
        webhook=fields.optional_url("webhook"),
        origin=origin,
        cost=0,
    )


def _price(db: sqlite3.Connection, machine: Machine, project_id: str) -> int:
    earlier = [s for s in jobs.variations(db, project_id) if s != jobs.FAILED]
    return machine.settings.price_of_variation(len(earlier))


def _take_in(
    db: sqlite3.Connection, machine: Machine, account: Account, order: Order, simulate: str | None
) -> int:
    """Returns what remains in the photo book. Raises `Refusal`."""
    if account.remaining < order.cost:
        raise Refusal(machine.settings.no_photos_code, NO_PHOTOS)
    book.accept(db, account.id, order.generation_id)
    price = 0 if machine.settings.charge_on_success else order.cost
    book.debit(db, account.id, order.generation_id, price)
    _add(db, machine, account, order, simulate)
    return account.remaining - price


def _add(
    db: sqlite3.Connection, machine: Machine, account: Account, order: Order, simulate: str | None
) -> None:
    subject = (account.user_id, order.room_type, None, simulate)
    # Picked here and kept in the row, so that `nth` counts jobs as they were taken in.
    jobs.add(
        db,
        order,
        account,
        job_fault=machine.faults.pick(Subject("job", *subject)),
        webhook_fault=machine.faults.pick(Subject("webhook", *subject)) if order.webhook else None,
        wait=machine.settings.delay / 2,
    )


def _started(machine: Machine, generation_id: str) -> None:
    """After the commit; an early webhook rings before the client has its answer."""
    with machine.store.transaction() as db:
        job = jobs.find(db, generation_id)
    assert job is not None
    webhook.ring_early(machine, job)
    machine.wake.set()
