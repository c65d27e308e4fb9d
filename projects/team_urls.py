"""The addresses of a team, and of the invitations to it."""

from django.urls import path

from projects.views import invitations, team

team_urls = [
    path("equipe", team.team, name="team"),
    path("equipe/inviter", team.invite, name="team_invite"),
    path("equipe/<uuid:member_id>/role", team.change_role, name="team_role"),
    path("equipe/<uuid:member_id>/limite", team.set_cap, name="team_cap"),
    path("equipe/<uuid:member_id>/retirer", team.remove, name="team_remove"),
    path("equipe/invitations/<uuid:invitation_id>/renvoyer", team.resend, name="team_resend"),
    path("equipe/invitations/<uuid:invitation_id>/annuler", team.revoke, name="team_revoke"),
    path("invitations/<str:token>", invitations.invitation, name="invitation"),
    path("agences", team.switch, name="switch"),
]
