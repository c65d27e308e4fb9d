"""Each call of the API, by method and path. A route that is not here fails the tests."""

from projects.reference.calls import account, gardens, pictures, webhooks, wire
from projects.reference.operation import Operation

OPERATIONS: dict[str, Operation] = {
    **wire.CALLS,
    **pictures.CALLS,
    **gardens.CALLS,
    **account.CALLS,
    **webhooks.CALLS,
}
