"""The shapes of what somebody has to look into, for the description of the API.

Must not know: routes, how any of it is found.
"""

from marshmallow import Schema

from sync.messages import D_
from sync.web.answer_shapes import next_page, several, text, whole


class AlarmAnswer(Schema):
    """A contradiction."""

    alarm = whole(D_("Number"))
    kind = text(D_("Code of the kind"))
    at = text(D_("Since when"))
    station = text(D_("Whose device"))
    what = text(D_("What happened"))
    advice = text(D_("What to do"))
    writer = text(D_("Writer"))
    life = text(D_("Life of the writer"))
    number = whole(D_("Number of the step; 0 where no step is concerned"))
    source = text(D_("What shows it"))
    known = text(D_("What this machine knows"))
    offered = text(D_("What contradicts it"))
    settled_at = text(D_("When it was dealt with"), maybe=True)
    settled_by = text(D_("Who dealt with it"))
    why = text(D_("How it was dealt with"))


class AlarmListAnswer(Schema):
    """A page of contradictions."""

    alarms = several(AlarmAnswer, D_("The newest first"))
    next = next_page()


class AsideAnswer(Schema):
    """A document that was set aside; what is in it, is not told here."""

    item = whole(D_("Number"))
    at = text(D_("When it was"))
    kind = text(D_("What it is"))
    station = text(D_("Of which station"))
    brought_by = text(D_("Sent by"))
    size = whole(D_("Bytes"))
    reason = text(D_("Why it was not taken"))
    advice = text(D_("What to do"))
    detail = text(D_("The original text, for whoever maintains it"))
    again = text(D_("When it is sent upwards again; null where it is not"), maybe=True)
    settled_at = text(D_("When it was dealt with"), maybe=True)
    settled_by = text(D_("Who dealt with it"))
    why = text(D_("How it was dealt with"))


class AsideListAnswer(Schema):
    """A page of documents set aside."""

    items = several(AsideAnswer, D_("The oldest first"))
    next = next_page()


class SettledAnswer(Schema):
    """What was settled."""

    settled = whole(D_("Number"))


class OfferedAnswer(Schema):
    """What came of offering it again."""

    item = whole(D_("Number"))
    outcome = text(among=("taken", "refused", "due"))
    sentence = text(D_("Result"))
