"""What `/api/v1/` shows: the same objects that webhooks carry."""

from projects.objects import JsonObject, generation_object, project_object, upload_object

__all__ = ["JsonObject", "generation_object", "project_object", "upload_object"]
