"""Sign-ins, invitations and who is who."""

from datetime import timedelta
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db.models import F

from accounts.choices import Role
from accounts.invitations import invite
from accounts.models import Invitation
from accounts.team import remove_member
from projects.desk.planting.complaint import Complaint
from projects.desk.planting.house import House


def member_removed(house: House) -> Complaint:
    remove_member(actor=house.paul, member=house.ines)
    words = (
        "Depuis ce matin quand je me connecte on me dit que je ne fais partie d’aucune agence. "
        "Je travaille chez Paysages Lefèvre depuis trois ans ! Qu’est-ce qui s’est passé ? Mon "
        f"adresse est {house.ines.user.email}. Inès Faure"
    )
    return Complaint(6, "member removed", house.ines.user.email, words)


def wrong_user_id(house: House) -> Complaint:
    """The agency's software names her by an id that nobody here has."""
    words = (
        "Bonjour, toutes les images que notre logiciel demande pour ma collègue "
        f"{house.julie.user.email} sont refusées, pour les autres ça marche. Notre informaticien "
        f"dit que le logiciel envoie pour elle : {uuid4()} et que c’est sûrement autre chose "
        "chez vous. Vous pouvez corriger ? Claire"
    )
    return Complaint(7, "wrong user id", house.claire.user.email, words)


def second_factor_lost(house: House) -> Complaint:
    TOTP.activate(house.hugo.user, generate_totp_secret())
    words = (
        "J’ai changé de téléphone et je n’ai plus l’application qui donne les six chiffres. Je "
        f"suis bloqué dehors. Mon compte : {house.hugo.user.email}, vous pouvez me rappeler à "
        "l’agence. Hugo Blanc"
    )
    return Complaint(11, "MFA lost", house.hugo.user.email, words)


def invitation_not_received(house: House) -> Complaint:
    email = house.outside("Sophie")
    row = invite(author=house.marie, email=email, role=Role.MEMBER, language="fr")
    _sent_earlier(row, timedelta(days=2))
    words = (
        f"J’ai invité notre nouvelle collègue Sophie ({email}) avant-hier et elle n’a rien reçu, "
        "même pas dans les indésirables. Vous pouvez lui renvoyer ? Marie Lefèvre"
    )
    return Complaint(12, "invitation not received", house.marie.user.email, words)


def wrong_agency_invited(house: House) -> Complaint:
    invited = house.thomas.user.email
    row = invite(author=house.marie, email=invited, role=Role.MANAGER, language="fr")
    _sent_earlier(row, timedelta(hours=3))
    words = (
        f"Bonjour, je viens de recevoir sur {invited} une invitation à rejoindre Paysages "
        "Lefèvre. Ce sont nos concurrents ! Ils se sont trompés de Thomas. Annulez ça, je ne "
        "veux pas avoir accès à leurs chantiers. Thomas Gay, Jardins du Rhône"
    )
    return Complaint(16, "wrong agency invited", invited, words)


def _sent_earlier(row: Invitation, ago: timedelta) -> None:
    times = ("created_at", "sent_at", "expires_at")
    Invitation.objects.filter(pk=row.pk).update(**{name: F(name) - ago for name in times})
