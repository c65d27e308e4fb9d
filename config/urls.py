"""Every address of the product."""

from allauth.account.decorators import secure_admin_login
from django.apps import apps
from django.contrib import admin
from django.http import Http404
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import PathConverter
from django.views.defaults import page_not_found
from django.views.generic import RedirectView
from django.views.i18n import set_language

from accounts.api.urls import account_urls
from integrations.webhooks.urls import webhook_urls
from projects.api import dropin
from projects.api.v1.base import Nowhere
from projects.api.v1.urls import v1_urls
from projects.desk.urls import desk_urls
from projects.reference.urls import docs_urls
from projects.views import (
    branding,
    csp_reports,
    health,
    media,
    metrics,
    security,
    share,
    share_acts,
    share_frame,
    sign_up,
)


class Whatever(PathConverter):
    """`path`, and line ends too."""

    regex = r"[\s\S]+"


register_converter(Whatever, "whatever")
media_urls = [
    path("m/<slug:token>/<str:name>", media.input_file, name="input"),
    path("r/<str:token>/<str:name>", media.result_file, name="result"),
    path("callbacks/<str:token>", media.iacrea_callback, name="callback"),
    path("files/uploads/<uuid:upload_id>", media.upload_file, name="upload"),
    path("files/pictures/<uuid:picture_id>", media.picture_file, name="picture"),
    path(
        "files/uploads/<uuid:upload_id>/<int:width>.<str:kind>",
        media.upload_size,
        name="photo_size",
    ),
    path(
        "files/pictures/<uuid:picture_id>/<int:width>.<str:kind>",
        media.picture_size,
        name="picture_size",
    ),
    path(
        "files/pictures/<uuid:picture_id>/as-it-came", media.picture_as_it_came, name="as_it_came"
    ),
    path("files/pictures/<uuid:picture_id>/changes.jpg", media.picture_changes, name="changes"),
    path("files/thumbnails/<uuid:picture_id>", media.thumbnail_file, name="thumbnail"),
    path("marque/<uuid:agency_id>/<str:digest>.png", branding.logo, name="logo"),
    path("marque/<uuid:agency_id>/<str:digest>.css", branding.theme, name="theme"),
]

# Below `/p/`, for whoever has the token.
share_urls = [
    path("p/<str:token>", share.page, name="page"),
    path("p/<str:token>/code", share.code, name="code"),
    path("p/<str:token>/<int:position>/approve", share_acts.approve, name="approve"),
    path("p/<str:token>/<int:position>/comment", share_acts.comment, name="comment"),
    path("p/<str:token>/withdraw", share_acts.withdraw, name="withdraw"),
    path("p/<str:token>/preview.jpg", share.preview, name="preview"),
    path(
        "p/<str:token>/<int:position>/<slug:side>-<int:width>.<slug:kind>",
        share.image,
        name="image",
    ),
    # The page of all others that are not found sets a cookie.
    path("p/<whatever:rest>", share_frame.nowhere, name="nowhere"),
]

dropin_urls = [
    path("create_exterior/generate", dropin.Generate.as_view(), name="generate"),
    path(
        "create_exterior/generate-variation",
        dropin.GenerateVariation.as_view(),
        name="generate-variation",
    ),
    path("create_exterior/get", dropin.Get.as_view(), name="get"),
    path("account/credit", dropin.Credit.as_view(), name="credit"),
]

# Sign-in with all that allauth adds to it (limits, second factor) for the admin too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# A password is changed on the product's own page, which tells its owner by mail.
own_password = RedirectView.as_view(pattern_name="account_change_password")
admin.site.password_change = own_password  # type: ignore[method-assign,assignment]
admin.site.password_change_done = own_password  # type: ignore[method-assign,assignment]

# Libraries register forms that write past our services: who may sign in, second factors with their
# secrets, and django-q2's "resubmit", which would send a task again whatever became of its row.
for library in ("auth", "account", "mfa", "usersessions", "django_q"):
    for model in filter(admin.site.is_registered, apps.get_app_config(library).get_models()):
        admin.site.unregister(model)

handler500 = health.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("projects.urls")),
    path("", include((media_urls, "media"))),
    path("", include((share_urls, "share"))),
    path("api/", include((dropin_urls, "dropin"))),
    path("api/v1/", include((v1_urls, "v1"))),
    path("api/v1/", include((account_urls, "accounts"))),
    path("api/v1/", include((webhook_urls, "webhooks"))),
    path("", include((docs_urls, "docs"))),
    path("api/<whatever:rest>", Nowhere.as_view(), name="api_nowhere"),
    # The operator gives addresses (create_agency). Here anybody could take one without proof, such
    # as the next customer's, and own that agency.
    path("comptes/email/", page_not_found, {"exception": Http404()}, name="account_email"),
    path("comptes/signup/", sign_up.sign_up, name="account_signup"),
    path("comptes/confirmer/", sign_up.again, name="account_confirm_again"),
    path("comptes/confirmer/<str:token>", sign_up.confirm, name="account_confirm"),
    # allauth's list of passkeys stands on the page of the second factor, and its removal asks
    # whether the agency allows it.
    path(
        "comptes/2fa/webauthn/",
        RedirectView.as_view(pattern_name="mfa_index"),
        name="mfa_list_webauthn",
    ),
    path(
        "comptes/2fa/webauthn/keys/<int:pk>/remove/",
        security.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path("comptes/", include("allauth.urls")),
    path("langue/", set_language, name="set_language"),
    path("", include((desk_urls, "desk"))),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("csp-reports", csp_reports.csp_report, name="csp_report"),
]
