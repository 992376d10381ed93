"""A scene for every kind of mail: lifelike rows, and the message that they bring about.

A scene has the name of its kind; more of a kind begin with it. To add one, write a function that lays the rows and
returns the message, and put it into the SCENES of its module.
"""

from apps.community.demo.scenes import farewells, guests, hosts, joining, moderation, mornings, nudges, reminders
from apps.community.demo.scenes.stage import Scene, SceneIsNotTrue, finished, preview

__all__ = ["GROUPS", "SCENES", "Scene", "SceneIsNotTrue", "finished", "preview"]

# As the list beside the mailbox shows them.
GROUPS: dict[str, list[Scene]] = {
    "For guests": guests.SCENES,
    "For hosts": hosts.SCENES,
    "Reminders": reminders.SCENES,
    "The morning after": mornings.SCENES,
    "Nudges": nudges.SCENES,
    "Joining": joining.SCENES,
    "When something is wrong": moderation.SCENES,
    "What is one’s own": farewells.SCENES,
}
SCENES: dict[str, Scene] = {scene.__name__: scene for scenes in GROUPS.values() for scene in scenes}
