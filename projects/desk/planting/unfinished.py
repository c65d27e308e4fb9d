"""Pictures that did not come."""

from django.conf import settings
from django.db import transaction

from projects import lifecycle
from projects.choices import RoomType, Status
from projects.desk.planting import jobs
from projects.desk.planting.complaint import Complaint
from projects.desk.planting.house import House
from projects.desk.planting.jobs import Garden
from projects.desk.planting.safety import NotHere
from projects.models import Generation
from projects.pipeline.submit import submit


def lost_callback(house: House) -> Complaint:
    """Really made: it is there as soon as somebody asks."""
    with transaction.atomic():
        job = jobs.asked(Garden(house.marie, "Terrasse Girard"))
    submit(job)
    _check_taken(job)
    with transaction.atomic():
        jobs.forget_token(job)
        jobs.backdate(job, 2)
    words = (
        "Bonjour, j’ai demandé une image pour la terrasse des Girard il y a deux heures et la "
        "page tourne toujours. D’habitude c’est une minute ! J’ai rendez-vous chez eux cet "
        f"après-midi. C’est cette page : {jobs.address_of(job)} Merci, Marie"
    )
    return Complaint(1, "lost callback", house.marie.user.email, words)


def unclear_outcome(house: House) -> Complaint:
    job = jobs.in_doubt(jobs.asked(Garden(house.paul, "Piscine Arnaud", RoomType.POOL)))
    jobs.backdate(job, 1)
    words = (
        "Ma demande pour la piscine Arnaud est bloquée depuis une heure. Est-ce que l’image va "
        "arriver, oui ou non ? Et si non, je veux récupérer ma photo. La référence affichée est "
        f"{str(job.pk)[:8]}. Paul Renaud"
    )
    return Complaint(2, "unclear outcome", house.paul.user.email, words)


def stuck_job(house: House) -> Complaint:
    job = jobs.taken(jobs.asked(Garden(house.claire, "Terrain de boules Mas Blanc",
                                       RoomType.PETANQUE)))  # fmt: skip
    jobs.backdate(job, 9)
    words = (
        "Bonjour, j’ai lancé une image il y a bientôt neuf heures et toujours rien. "
        f"Je pense que c’est planté chez vous. {jobs.address_of(job)} Annulez-la et rendez-moi "
        "la photo s’il vous plaît. Claire Bonnet"
    )
    return Complaint(4, "stuck job", house.claire.user.email, words)


def result_lost(house: House) -> Complaint:
    job = jobs.lost(jobs.asked(Garden(house.julie, "Jardin Perrin")))
    words = (
        "Le jardin Perrin est marqué « échec ». Pourquoi ? Et est-ce que vous me l’avez quand "
        f"même comptée ? Le numéro en bas de la page commence par {str(job.pk)[:8]}. Julie"
    )
    return Complaint(9, "result lost", house.julie.user.email, words)


def _check_taken(job: Generation) -> None:
    """What nobody takes is not left for a worker to send."""
    job.refresh_from_db()
    if job.status == Status.PROCESSING:
        return
    if job.status == Status.QUEUED:
        lifecycle.cancel(job, actor_id="")
    raise NotHere(
        f"The emulator at {settings.EMULATOR_URL} did not take a job: is `make demo` running? "
        "Three agencies were opened; no complaint was planted."
    )
