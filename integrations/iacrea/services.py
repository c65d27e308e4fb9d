"""iacrea's services as data: paths, room types and prices. Nothing else names a path.

Source: iacrea's page "Création d'Extérieur" and its Credits page.
"""

from dataclasses import dataclass

CREDIT_PATH = "/api/account/credit"


@dataclass(frozen=True)
class Service:
    """One picture service; prices are in our photos."""

    name: str
    generate_path: str
    variation_path: str
    get_path: str
    room_types: frozenset[str]
    photos_per_generation: int = 1
    photos_per_variation: int = 0


CREATE_EXTERIOR = Service(
    name="create_exterior",
    generate_path="/api/create_exterior/generate",
    variation_path="/api/create_exterior/generate-variation",
    get_path="/api/create_exterior/get",
    room_types=frozenset({"TERRACE", "POOL", "PETANQUE"}),
)
