"""What the rules of webhooks refuse. Imports nothing of ours."""


class TooManyEndpoints(Exception):
    """The agency has as many endpoints in this mode as it may have."""


class EndpointDisabled(Exception):
    """Nothing is sent to it until it is enabled again."""


class StillPending(Exception):
    """The message is under way, or waits for its next try."""


class SecretReplaced(Exception):
    """The secret that was to be replaced has been already; nothing was changed."""
