"""Scenes of how one gets in: security of the agency, passkeys, sessions."""

from tests.browser.scenes import Scene, at, with_password

SCENES_ACCOUNTS: list[Scene] = [
    Scene("security", "rosa", at("/securite")),
    Scene("security-forbidden", "ines", at("/securite", 403)),
    Scene("passkey-new", "rosa", with_password("/comptes/2fa/webauthn/add/")),
    Scene("sessions", "rosa", at("/comptes/sessions/")),
    Scene("address-link-dead", "", at("/comptes/confirmer/nobody-made-this", 410)),
]
