"""The pages' addresses. Files are `media:` and iacrea's wire is `dropin:` (config/urls.py)."""

from django.urls import path

from projects.developers.urls import developer_urls
from projects.help_urls import help_urls
from projects.privacy.urls import privacy_urls
from projects.team_urls import team_urls
from projects.views import (
    branding,
    create,
    downloads,
    drafts,
    keeping,
    lists,
    notifications,
    pages,
    quote,
    removing,
    security,
    share_links,
    usage,
    zone,
)

PICTURE = "projets/<uuid:project_id>/images/<uuid:generation_id>"

app_name = "projects"
urlpatterns = [
    path("", lists.project_list, name="list"),
    path("utilisation", usage.usage, name="usage"),
    path("utilisation/csv", usage.usage_csv, name="usage_csv"),
    path("utilisation/demande", usage.ask_for_photos, name="ask_for_photos"),
    path("projets/live", lists.live_list, name="live_list"),
    path("projets/nouveau", create.new, name="new"),
    path("projets/exemple", create.sample, name="sample"),
    path("projets/corbeille", removing.removed, name="bin"),
    path("projets/<uuid:project_id>", pages.detail, name="detail"),
    path("projets/<uuid:project_id>/live", pages.live, name="live"),
    path("projets/<uuid:project_id>/zone", zone.zone, name="zone"),
    path(f"{PICTURE}/favori", keeping.favour, name="favour"),
    path(f"{PICTURE}/note", keeping.note, name="note"),
    path(f"{PICTURE}/probleme", keeping.complain, name="complain"),
    path(f"{PICTURE}/supprimer", removing.remove, name="remove_picture"),
    path(f"{PICTURE}/remettre", removing.bring_back, name="bring_back_picture"),
    path(f"{PICTURE}/avant-apres", downloads.before_and_after, name="before_and_after"),
    path(f"{PICTURE}/telecharger/<slug:form>", downloads.picture, name="download"),
    path(f"{PICTURE}/devis", quote.quote, name="quote"),
    path("projets/<uuid:project_id>/tout", downloads.everything, name="everything"),
    path("projets/<uuid:project_id>/zone/brouillon", drafts.draft, name="draft"),
    path(
        "projets/<uuid:project_id>/variations/<uuid:generation_id>",
        zone.variation,
        name="variation",
    ),
    path("marque", branding.branding, name="branding"),
    path("marque/apercu", branding.preview, name="branding_preview"),
    path("marque/logo/retirer", branding.remove_logo, name="remove_logo"),
    path("marque/mention", branding.labels, name="labels"),
    path("securite", security.security, name="security"),
    path("notifications", notifications.notifications, name="notifications"),
    path("notifications/choix", notifications.choices, name="notification_choices"),
    path("desabonnement/<str:token>", notifications.unsubscribe, name="unsubscribe"),
    path("projets/<uuid:project_id>/partager", share_links.links, name="share_links"),
    path("projets/<uuid:project_id>/partager/lien", share_links.usual, name="share"),
    path(
        "projets/<uuid:project_id>/partager/<uuid:link_id>/revoquer",
        share_links.revoke,
        name="revoke_link",
    ),
    path(
        "projets/<uuid:project_id>/commentaires/<int:comment_id>/repondre",
        share_links.answer,
        name="answer_comment",
    ),
    path("projets/<uuid:project_id>/supprimer", removing.remove_project, name="remove"),
    path("projets/<uuid:project_id>/remettre", removing.bring_back_project, name="bring_back"),
    *help_urls,
    *privacy_urls,
    *team_urls,
    *developer_urls,
]
