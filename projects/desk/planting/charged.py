"""Photos that were charged, or that are gone."""

from datetime import timedelta

from accounts.choices import Mode, StaffReason
from accounts.quota import expire_photos
from accounts.services import grant_pack
from integrations.doors.clock import database_now
from projects import keeping
from projects.choices import WrongReason
from projects.desk.planting import jobs
from projects.desk.planting.complaint import Complaint
from projects.desk.planting.house import House
from projects.desk.planting.jobs import Garden


def refund_owed(house: House) -> Complaint:
    job = jobs.ready(jobs.asked(Garden(house.paul, "Cour Dubois")), jobs.grey_picture())
    words = (
        "L’image de la cour Dubois est entièrement grise, on ne voit rien du tout ! Je ne vais "
        f"pas payer pour ça. Remboursez-moi la photo svp : {jobs.address_of(job)}"
    )
    return Complaint(3, "refund owed", house.paul.user.email, words)


def double_click(house: House) -> Complaint:
    first = jobs.asked(Garden(house.julie, "Terrasse Villa Rosa"))
    second = jobs.asked_again(first)
    for job in (first, second):
        jobs.ready(job, jobs.good_picture())
    words = (
        "J’ai cliqué une seule fois (bon, peut-être deux, ça ne réagissait pas) pour la Villa "
        f"Rosa et j’ai deux images pareilles, {str(first.pk)[:8]} et {str(second.pk)[:8]}. On "
        "m’a compté deux photos. Je n’en voulais qu’une. Julie Marchand"
    )
    return Complaint(10, "double-click", house.julie.user.email, words)


def photos_expired(house: House) -> Complaint:
    """By what the sweep does each hour."""
    agency = house.luc.agency
    grant_pack(
        agency=agency, mode=Mode.LIVE, photos=12, actor_id="", reason=StaffReason.PURCHASE,
        note="facture F-2026-041", usable_until=database_now() - timedelta(days=1),
    )  # fmt: skip
    expire_photos(agency_id=agency.pk, mode=Mode.LIVE)
    words = (
        "Avant-hier il me restait 15 photos et aujourd’hui il n’y en a plus que 3, alors que je "
        "n’ai rien fait du tout ! Où sont passées les 12 autres ? Je les ai payées. "
        f"Luc Morel, {agency.name}"
    )
    return Complaint(14, "photos expired", house.luc.user.email, words)


def bad_picture(house: House) -> Complaint:
    """Reported on its page, too."""
    job = jobs.ready(jobs.asked(Garden(house.marie, "Jardin Faucher")), jobs.good_picture())
    told = "La porte-fenêtre a disparu, il y a un mur à la place."
    keeping.complain(job, author=house.marie, reason=WrongReason.OUTSIDE_CHANGED, text=told)
    words = (
        "Bonjour, sur l’image du jardin Faucher vous avez supprimé la porte-fenêtre de la "
        "maison ! Je ne peux pas montrer ça à un client. Je l’ai signalée mais je n’ai pas de "
        f"réponse. Il faut la refaire, sans me la recompter. Numéro {str(job.pk)[:8]}. Marie"
    )
    return Complaint(15, "bad picture", house.marie.user.email, words)
