from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.utils.translation import gettext_lazy as _

from apps.profiles.developing import MOST_BYTES, MOST_PIXELS, look

TOO_LARGE = _("This file is larger than %(most)d MB. A smaller copy of the picture is plenty.")
WRONG = {
    "unknown": _("This is not a picture that we can read. JPEG, PNG, WebP and GIF work."),
    "pixels": _("This picture has more than %(most)d million pixels. A smaller copy of it is plenty."),
    "frames": _("This one moves for too long. A still picture is best."),
    "broken": _("This picture is cut off or damaged, or hard for us to read. Another copy of it may work."),
}
NUMBERS = {"most": MOST_PIXELS // 1_000_000}


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("A picture"),
        help_text=_(
            "A face is nice to recognise at the door; a cat is fine, too. JPEG, PNG, WebP or GIF, up to %(most)d MB."
        )
        % {"most": MOST_BYTES // 1024 // 1024},
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        error_messages={
            "required": _("Please choose a picture first, of %(most)d MB at most.")
            % {"most": MOST_BYTES // 1024 // 1024},
            "empty": _("This file is empty. Perhaps another copy of it works."),
        },
    )

    def clean_picture(self) -> Any:
        file: TemporaryUploadedFile = self.cleaned_data["picture"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE, "large", {"most": MOST_BYTES // 1024 // 1024})
        file.flush()
        found = look(Path(file.temporary_file_path()))
        if found != "fine":
            raise forms.ValidationError(WRONG[found], found, NUMBERS)
        return file
