"""读卡核验: the card on the reader beside the screen is compared with whoever is registered.

    POST  /people/<id>/card

Must not know: how people are kept, how a card is read.
"""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker
from sync.case_api.record_acts import STAFF
from sync.case_pages.forms import flash_done, named_request
from sync.errors import LinkError, Refused
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.node import Node
from sync.people.card_readings import CardRead, is_of
from sync.people.correct_person import verify_person
from sync.people.find_person import find_person
from sync.people_pages.registering import ReadCard
from sync.records.people import mask_id_number, mask_name
from sync.web.problems import in_full
from sync.web.sessions import signed_in


def add_verifying(blueprint: Blueprint, node: Node, *, read_card: ReadCard) -> None:
    """Give the pages about people this one."""

    def verify(person_id: str) -> ResponseReturnValue:
        by = Doer(asker().actor, request=named_request("card"))
        try:
            _verify(node, person_id, read_card(), by)
        except LinkError as error:
            flash(in_full(error), "bad")
        except Refused as refusal:
            flash(refusal.reason, "bad")
        return redirect(url_for("people_pages.person", person_id=person_id), 303)

    blueprint.add_url_rule("/people/<person_id>/card", "card", signed_in(*STAFF)(verify), methods=["POST"])


def _verify(node: Node, person_id: str, card: CardRead, by: Doer) -> None:
    known = node.read(lambda reader: find_person(reader, node, person_id)).fields
    if not is_of(card, known):
        told = _(
            "The card on the reader (%(name)s, %(number)s) is not what is registered here. Nothing was noted: check "
            "whose card it is, or press “Correct”",
            name=mask_name(card.name),
            number=mask_id_number(card.number),
        )
        flash(told, "bad")
        return
    compared = {name: str(known[name]) for name in ("name", "cert_kind", "cert_number")}
    flash_done(verify_person(node, person_id, {**compared, "source": "card", "proof": "card"}, by, read=card))
    if card.has_expired:
        flash(_("This identity card has expired; check whether its holder has a new one"), "warning")
