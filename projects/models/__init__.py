from projects.models.discrepancy import Discrepancy
from projects.models.generation import Attempt, CallbackReceipt, Generation, GenerationEvent
from projects.models.lease import Lease
from projects.models.picture import Picture
from projects.models.project import Project
from projects.models.upload import Upload

__all__ = [
    "Attempt",
    "CallbackReceipt",
    "Discrepancy",
    "Generation",
    "GenerationEvent",
    "Lease",
    "Picture",
    "Project",
    "Upload",
]
