"""From the fields of a job to the service that accepts it."""

from accounts.models import Membership
from integrations.doors.images import NormalisedImage, polygon_mask, read_mask
from projects import services, zones
from projects.api.v1.base import View, picturing
from projects.api.v1.outputs import JsonObject
from projects.choices import Source
from projects.models import Generation, Project, Upload
from projects.services import NewProject, Zone


class Jobs(View):
    """Each refusal is a Problem; the caller's transaction undoes what was stored before it."""

    def accept(self, fields: JsonObject) -> Generation:
        uploads, author = self.uploads_in(fields), self.member(fields.get("member"))
        photo = uploads.get("image")
        return services.create_generation(
            project=self._project(fields, author),
            author=author,
            source=Source.API,
            room_type=fields["room_type"],
            photo=photo,
            image_url=fields.get("image_url", ""),
            zone=self.zone(fields, photo, uploads.get("mask")),
            width=fields.get("width"),
            height=fields.get("height"),
            webhook=fields.get("webhook", ""),
            metadata=fields.get("metadata"),
        )

    def vary(self, parent: Generation, fields: JsonObject) -> Generation:
        return services.create_variation(
            parent=parent,
            author=self.member(fields.get("member")),
            source=Source.API,
            room_type=fields["room_type"],
            zone=self.zone(fields, parent.photo, self.uploads_in(fields).get("mask")),
            webhook=fields.get("webhook", ""),
            metadata=fields.get("metadata"),
        )

    def zone(self, fields: JsonObject, photo: Upload | None, mask: Upload | None) -> Zone:
        if mask:
            return self._uploaded_zone(mask, photo)
        if "polygon" in fields:
            return self._drawn_zone(fields["polygon"], photo)
        return Zone(url=fields.get("mask_url", ""))

    def _drawn_zone(self, polygon: services.Points, photo: Upload | None) -> Zone:
        """Of a photo that is still to be fetched the corners wait for it."""
        if photo is None:
            return Zone(polygon=polygon)
        with picturing("polygon"):
            image = polygon_mask(polygon, (photo.width, photo.height))
        return Zone(image=image, operations=zones.polygon(polygon))

    def _uploaded_zone(self, mask: Upload, photo: Upload | None) -> Zone:
        """As it is when it fits; a reduced one is scaled, and stored anew."""
        if photo is None or (mask.width, mask.height) == (photo.width, photo.height):
            return Zone(upload=mask)
        with picturing("mask"):
            return Zone(image=self._scaled(mask, photo))

    def _scaled(self, mask: Upload, photo: Upload) -> NormalisedImage:
        with mask.file.open() as stored:
            return read_mask(stored.read(), size=(photo.width, photo.height))

    def _project(self, fields: JsonObject, author: Membership) -> Project | NewProject:
        if "project" in fields:
            return self.project(fields["project"], "project")
        return NewProject(self.agency, self.mode, author, fields.get("title", ""))
