"""Every kind of mail with lifelike data, at `/mail/`; with `?discreet=1` as a discreet member has it."""

from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives
from django_mail_preview import EmailPreview

from apps.community.demo.scenes import GROUPS, Scene, preview


def method_for(scene: Scene) -> Callable[[EmailPreview], EmailMultiAlternatives]:
    def method(self: EmailPreview) -> EmailMultiAlternatives:
        return preview(scene, is_discreet=bool(self.params.get("discreet")))

    method.__doc__ = scene.__doc__
    return method


for group, scenes in GROUPS.items():
    type(group, (EmailPreview,), {"group": group, **{scene.__name__: method_for(scene) for scene in scenes}})
