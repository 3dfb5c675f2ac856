"""收件: an application is checked, numbered, stored with its photos, and answered; all of it or nothing.

Must not know: how the application came here.
"""

from collections.abc import Mapping

from edge_node.services.prepare_application import Application, item_applied_for, require_lawful
from edge_node.services.take_parts import Parts, Taking, take_parts
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.items import Item


def receive_application(node: Node, items: Mapping[str, Item], application: Application, how: Taking) -> Answer:
    """Take an application; durable on return.

    items    the catalogue
    returns  201 with {id, receipt_number, received_at, state, state_name, item_name, person, registered_as, custody,
             open_alike, reaches_age_on, consents_missing}
    raises   Invalid naming every wrong field; NotEnrolled; NoRoomForPhotos; ClockDoubtful; KeyReused
    """

    def lawful() -> Parts:
        item_applied_for(items, application)
        if _brings_more(application):
            # Before photos are made fit and files looked into, which takes a while; that is checked later.
            require_lawful(
                items,
                application,
                today=node.today(),
                largest_photo_bytes=how.photos.largest_bytes,
                will_be_fit=how.photos.fitter.is_on,
            )
        return Parts(items, (application,))

    return take_parts(
        node, application, how, lawful=lawful, shared=lambda places: {}, tell=lambda told, shared: dict(told[0])
    )


def _brings_more(application: Application) -> bool:
    """Whether there is more to an application than what was typed."""
    return bool(application.person) or application.has_photos or any(one.on_file for one in application.materials)
