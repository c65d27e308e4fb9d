"""The short help, for whoever comes, with an account or without."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from integrations.iacrea.services import CREATE_EXTERIOR


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    context = {
        "support": settings.OPERATOR_EMAIL,
        "price": CREATE_EXTERIOR.photos_per_generation,
        "variation_price": CREATE_EXTERIOR.photos_per_variation,
    }
    return render(request, "help/help.html", context)
