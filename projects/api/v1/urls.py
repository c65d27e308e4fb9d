"""Under `/api/v1/`."""

from django.urls import path

from projects.api.v1 import generations, projects, uploads

GENERATION = "generations/<uuid:generation_id>"

v1_urls = [
    path("uploads", uploads.Uploads.as_view(), name="uploads"),
    path("uploads/<uuid:upload_id>", uploads.OneUpload.as_view(), name="upload"),
    path("generations", generations.Generations.as_view(), name="generations"),
    path("generations/batch", generations.Batch.as_view(), name="batch"),
    path(GENERATION, generations.OneGeneration.as_view(), name="generation"),
    path(f"{GENERATION}/cancel", generations.Cancel.as_view(), name="cancel"),
    path(f"{GENERATION}/variations", generations.Variations.as_view(), name="variations"),
    path("projects", projects.Projects.as_view(), name="projects"),
    path("projects/<uuid:project_id>", projects.OneProject.as_view(), name="project"),
]
