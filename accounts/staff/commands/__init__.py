"""The commands on agencies, people, keys and messages; those on jobs are in projects/desk/."""

from accounts.staff.commands import agencies, people, photos

COMMANDS = (
    photos.GRANT, photos.TAKE, agencies.RESTORE, agencies.LEAVE, agencies.STORAGE,
    photos.ANSWER, photos.CLOSE_REQUEST,
    people.REVOKE_KEY, people.RESEND_INVITATION, people.REVOKE_INVITATION, people.MAIL_AGAIN,
    people.NAME_AT_IACREA, people.TAKE_FACTOR,
)  # fmt: skip
