"""The crash harness: the whole product as processes, killed and stopped at its failpoints, beside
an iacrea that lies; at rest the books of both sides are compared. `make chaos`, docs/chaos.md."""
