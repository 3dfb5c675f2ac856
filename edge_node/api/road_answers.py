"""The shapes of what is answered about the road, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema

from sync.messages import D_
from sync.web.answer_shapes import flag, one, several, text, whole


class BacklogAnswer(Schema):
    """What of a village is known to be on its way."""

    events = whole(D_("Events that are named and not here yet"))
    photos = whole(D_("Photos that are named and not here yet"))


class VillageAnswer(Schema):
    """A village below."""

    sid = text(D_("Id of the station"))
    name = text(D_("What it is called"))
    last_heard = text(D_("When it was last heard"), maybe=True)
    last_heard_text = text(D_("The same in words"))
    silent_days = whole(D_("For how many days nothing was heard; 0 while it is fewer than three"))
    red = whole(D_("Cases that are late"))
    yellow = whole(D_("Cases near their end"))
    due_today = whole(D_("Cases due today"))
    open = whole(D_("Cases with a clock that runs"))
    received_today = whole(D_("Cases received today"))
    received_week = whole(D_("Cases received in the seven days that end today"))
    backlog = one(BacklogAnswer, D_("What is on its way"))


class VillagesAnswer(Schema):
    """The villages below."""

    villages = several(VillageAnswer, D_("The silent first, then those with most that is late"))


class CallAnswer(Schema):
    """A call to the level above."""

    begun = flag(D_("Whether it was begun by this; false where one that was asked for is not over yet"))
