"""Projects."""

from django.utils.translation import gettext_lazy as _

from projects.api.v1 import inputs
from projects.reference import examples as ex
from projects.reference import outputs
from projects.reference.operation import Answer, Operation

PROJECTS = "/api/v1/projects"
ONE = PROJECTS + "/{project_id}"
TITLE = "Famille Martin, côté sud"

CALLS = {
    f"GET {PROJECTS}": Operation(
        name="listProjects",
        topic="projects",
        summary=_("List projects"),
        description=_("The newest first, of the mode of the key."),
        query=inputs.ProjectFilter,
        query_example={"limit": "20"},
        is_list=True,
        answers={
            200: Answer(outputs.page_of(outputs.ProjectOutput), _("A page."), ex.page(ex.GARDEN))
        },
    ),
    f"POST {PROJECTS}": Operation(
        name="createProject",
        topic="projects",
        summary=_("Make a project"),
        description=_("A client's garden, with all pictures that will be made of it."),
        body=inputs.ProjectInput,
        example={"title": TITLE, "image": ex.PHOTO},
        answers={201: Answer(outputs.ProjectOutput, _("Made."), ex.GARDEN)},
        refusals=("not_found", "wrong_kind"),
    ),
    f"GET {ONE}": Operation(
        name="getProject",
        topic="projects",
        summary=_("See a project"),
        description=_("Its generations are `GET generations?project={id}`."),
        answers={200: Answer(outputs.ProjectOutput, _("The project."), ex.GARDEN)},
    ),
    f"PATCH {ONE}": Operation(
        name="changeProject",
        topic="projects",
        summary=_("Change a project"),
        description=_("Its title, or its photo. What is left out stays."),
        body=inputs.ProjectChange,
        example={"title": TITLE},
        answers={200: Answer(outputs.ProjectOutput, _("Changed."), ex.GARDEN)},
        refusals=("wrong_kind",),
    ),
    f"DELETE {ONE}": Operation(
        name="deleteProject",
        topic="projects",
        summary=_("Delete a project"),
        description=_(
            "Erases its photos, pictures and words for good. What was charged stays in the books."
        ),
        answers={204: Answer(said=_("Erased."))},
        refusals=("project_busy",),
    ),
}
