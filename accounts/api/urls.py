"""Under `/api/v1/`."""

from django.urls import path

from accounts.api import members, photos

account_urls = [
    path("quota", photos.Quota.as_view(), name="quota"),
    path("quota/entries", photos.Entries.as_view(), name="entries"),
    path("members", members.Members.as_view(), name="members"),
    path("members/<uuid:iacrea_user_id>", members.OneMember.as_view(), name="member"),
]
