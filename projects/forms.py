"""What people send: a photo; a zone and a type. A form judges it and hands on clean images."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from integrations.doors import images
from integrations.doors.images import ImageProblem, NormalisedImage
from projects.choices import RoomType, WrongReason
from projects.models import Upload
from projects.photo_problems import problem_text
from projects.zones import Operations, polygon, read_operations

Points = list[tuple[float, float]]
MAX_CORNERS = 200
# In percent: the lower middle of a photo, where a garden usually is.
DEFAULT_CORNERS: Points = [(32, 68), (68, 68), (82, 92), (18, 92)]
# Of the table of corners for a browser without JavaScript; an empty row is left out.
ROWS = 8
NOT_A_CORNER = _("Each corner needs two numbers from 0 to 100: from the left and from the top.")


class PhotoForm(forms.Form):
    """The form's own id, if it has one, becomes the id of the project that it starts."""

    project_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    photo = forms.FileField(
        label=_("Photo of the garden"),
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif"}),
        error_messages={
            "required": _("Choose a photo of the garden."),
            "empty": _("This file is empty. Choose another photo."),
        },
    )
    title = forms.CharField(label=_("Name of the project"), max_length=150, required=False)

    def clean_photo(self) -> NormalisedImage:
        photo: UploadedFile[bytes] = self.cleaned_data["photo"]
        return _judged(lambda: images.read_photo(photo.read()))


class VariationForm(forms.Form):
    """The form's own id becomes the id of the picture that it asks for."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    room_type = forms.ChoiceField(
        choices=RoomType.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what to build: terrace, pool or pétanque court.")},
    )


class ZoneForm(VariationForm):
    """A mask when it was drawn, with the operations that it was drawn with; else the corners of the
    table, in percent, which become operations, so that another zone can begin with them."""

    title = forms.CharField(max_length=150, required=False)
    operations = forms.CharField(required=False, widget=forms.HiddenInput)
    mask = forms.FileField(required=False, allow_empty_file=True)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        photo: Upload,
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.size = (photo.width, photo.height)
        self.typed = data or QueryDict()

    def clean_operations(self) -> Operations:
        text = self.cleaned_data["operations"]
        try:
            return read_operations(text) if text else []
        except ValueError:
            raise ValidationError(_("The zone could not be read. Draw it again.")) from None

    def clean_mask(self) -> NormalisedImage:
        drawn: UploadedFile[bytes] | None = self.cleaned_data["mask"]
        if drawn:
            return _judged(lambda: images.read_mask(drawn.read(), size=self.size))
        points = self._typed()
        if len(points) < 3:
            raise ValidationError(_("Draw the zone on the photo, or type at least 3 corners."))
        self.cleaned_data["operations"] = polygon(points)
        return _judged(lambda: images.polygon_mask(points, self.size))

    @property
    def corners(self) -> list[tuple[str, str]]:
        """The rows of the table: what was sent, else a zone to begin with."""
        rows = self._rows() if self.is_bound else [(f"{x:g}", f"{y:g}") for x, y in DEFAULT_CORNERS]
        return rows + [("", "")] * (ROWS - len(rows))

    def _rows(self) -> list[tuple[str, str]]:
        rows = zip(self.typed.getlist("left"), self.typed.getlist("top"), strict=False)
        return [(x.strip(), y.strip()) for x, y in rows if x.strip() or y.strip()][:MAX_CORNERS]

    def _typed(self) -> Points:
        width, height = self.size
        percents = [(_percent(x), _percent(y)) for x, y in self._rows()]
        return [(x * width / 100, y * height / 100) for x, y in percents]


class Words(forms.CharField):
    """At most so many characters as a browser counts them: for it the end of a line is one."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text


class NoteForm(forms.Form):
    note = Words(max_length=500, required=False)


class ComplaintForm(forms.Form):
    reason = forms.ChoiceField(
        choices=WrongReason.choices,
        error_messages={"required": _("Choose what is wrong with the picture.")},
    )
    text = Words(max_length=500, required=False)


def _judged(read: Callable[[], NormalisedImage]) -> NormalisedImage:
    try:
        return read()
    except ImageProblem as problem:
        raise ValidationError(problem_text(problem), code=problem.code) from None


def _percent(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise ValidationError(NOT_A_CORNER) from None
    if not 0 <= value <= 100:
        raise ValidationError(NOT_A_CORNER)
    return value
