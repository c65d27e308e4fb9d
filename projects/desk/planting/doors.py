"""What lets software and clients in, or lets our messages out."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db.models import F

from accounts.choices import Mode, Scope
from accounts.keys import create_api_key, revoke_api_key
from integrations.doors.clock import database_now
from integrations.webhooks.health import FAILING_FOR, learn
from integrations.webhooks.models import WebhookEndpoint
from integrations.webhooks.services import create_endpoint
from projects.desk.planting import jobs
from projects.desk.planting.complaint import Complaint
from projects.desk.planting.house import House
from projects.desk.planting.jobs import Garden
from projects.models import ShareLink
from projects.sharing.page import address_of
from projects.sharing.services import create_link


def webhook_disabled(house: House) -> Complaint:
    """A message was given up after its endpoint had failed for longer than five days."""
    agency, host = house.claire.agency, house.claire.user.email.partition("@")[2]
    url = f"https://devis.{host}/parterre"
    endpoint = create_endpoint(agency=agency, mode=Mode.LIVE, url=url)
    jobs.ready(jobs.asked(Garden(house.claire, "Pool house Tassin")), jobs.good_picture())
    since = database_now() - FAILING_FOR - timedelta(hours=1)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=since)
    learn(endpoint.pk, url, delivered=False, gone=False, given_up=True)
    words = (
        "Notre logiciel de devis ne reçoit plus vos images. Notre serveur était en panne la "
        f"semaine dernière mais il remarche depuis hier. L’adresse c’est {url} Vous pouvez "
        "rallumer et renvoyer ce qu’on a raté ? Claire Bonnet, Jardins du Rhône"
    )
    return Complaint(5, "webhook auto-disabled", house.claire.user.email, words)


def key_revoked(house: House) -> Complaint:
    key, _text = create_api_key(
        agency=house.claire.agency, mode=Mode.LIVE, name="devis", scopes=list(Scope),
        key_id=uuid4(), actor_id=str(house.claire.pk),
    )  # fmt: skip
    revoke_api_key(key, actor_id=str(house.thomas.pk))
    words = (
        "Depuis hier soir votre API nous répond « clé invalide » alors que nous n’avons rien "
        f"changé. C’est la clé qui commence par {key.prefix}. Vous l’avez coupée ? "
        "C’est urgent. Claire Bonnet"
    )
    return Complaint(8, "key revoked", house.claire.user.email, words)


def share_link_dead(house: House) -> Complaint:
    """For thirty days, which are over since yesterday."""
    job = jobs.ready(jobs.asked(Garden(house.paul, "Jardin Vasseur")), jobs.good_picture())
    link = create_link(project=job.project, author=house.paul, generations=[job])
    over = timedelta(days=31)
    times = {name: F(name) - over for name in ("created_at", "expires_at")}
    ShareLink.objects.filter(pk=link.pk).update(**times)
    words = (
        "Mes clients les Vasseur me disent que le lien que je leur ai envoyé ne marche plus. "
        f"C’était {settings.PUBLIC_BASE_URL}{address_of(link)} Vous l’avez supprimé ?? Paul"
    )
    return Complaint(13, "share link dead", house.paul.user.email, words)
