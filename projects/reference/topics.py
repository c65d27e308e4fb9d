"""The resources, in the order of the reference: each a page, and a tag of the document."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from projects.reference.operation import Text


@dataclass(frozen=True)
class Topic:
    slug: str
    title: Text
    said: Text


TOPICS = [
    Topic(
        "iacrea",
        _("iacrea's calls"),
        _(
            "iacrea's own API at our door: a client that was written for iacrea works by changing "
            "its base URL and its key. Fields that are not known are ignored."
        ),
    ),
    Topic(
        "uploads",
        _("Uploads"),
        _("Photos and masks, to be named in jobs and projects by their id."),
    ),
    Topic(
        "generations",
        _("Generations"),
        _(
            "A generation is a job: a photo, a zone and what is built there. It ends with a "
            "picture, or as failed, and then gives its photo back."
        ),
    ),
    Topic("projects", _("Projects"), _("A client's garden with all that was made of it.")),
    Topic("quota", _("Photos"), _("How many photos the agency has, and where each one went.")),
    Topic("members", _("Members"), _("The people of the agency, known by their iacrea user ids.")),
    Topic(
        "webhook-endpoints",
        _("Webhook endpoints"),
        _("URLs of yours that are told what happens, and the log of what was sent to them."),
    ),
    Topic("events", _("Events"), _("What happened, for 30 days, whether it was delivered or not.")),
]
