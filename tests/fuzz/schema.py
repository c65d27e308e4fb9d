"""The API's own document as Schemathesis reads it: how many cases, from what seed, and what is
made where it could only guess."""

import os

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema

from config.wsgi import application
from projects.reference.document import document
from tests.conftest import mask_bytes, photo_bytes

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# Of a form Schemathesis also counts as wrong what is sent as the same bytes.
FORM = {
    "include-name": "POST /api/v1/uploads",
    "checks": {"negative_data_rejection": {"enabled": False}},
}


def load() -> BaseSchema:
    schemathesis.openapi.format("binary", files())
    schema = schemathesis.openapi.from_dict(document("en"), config=config())
    schema.app = application
    return schema


def config() -> SchemathesisConfig:
    """Without a seed each run is the same one; with one, each boundary of each field comes too."""
    seed = os.environ.get("FUZZ_SEED", "")
    generation = {
        "max-examples": int(os.environ.get("FUZZ_EXAMPLES", "20")),
        "deterministic": not seed,
        "with-security-parameters": False,  # each call has a key: who calls is tested elsewhere
    }
    checks = {"enabled": False, **{name: {"enabled": True} for name in CHECKS}}
    phases = {"coverage": {"enabled": bool(seed)}}
    told = {"generation": generation, "checks": checks, "phases": phases, "operations": [FORM]}
    return SchemathesisConfig.from_dict({**told, **({"seed": int(seed)} if seed else {})})


def files() -> st.SearchStrategy[bytes]:
    """Pictures as well, whole and cut: no random bytes would ever be one."""
    whole = st.sampled_from([photo_bytes(), photo_bytes(kind="PNG"), mask_bytes()])
    cut = st.builds(lambda data, end: data[:end], whole, st.integers(0, 5000))
    return st.one_of(st.binary(), whole, cut)
