from projects.models.complaint import Complaint
from projects.models.discrepancy import Discrepancy
from projects.models.generation import Attempt, CallbackReceipt, Generation, GenerationEvent
from projects.models.lease import Lease
from projects.models.picture import Picture
from projects.models.project import Project
from projects.models.share import (
    Approval,
    ClientComment,
    SharedGeneration,
    ShareLink,
    ShareWindow,
)
from projects.models.upload import Upload

__all__ = [
    "Approval",
    "Attempt",
    "CallbackReceipt",
    "ClientComment",
    "Complaint",
    "Discrepancy",
    "Generation",
    "GenerationEvent",
    "Lease",
    "Picture",
    "Project",
    "ShareLink",
    "ShareWindow",
    "SharedGeneration",
    "Upload",
]
