"""The shapes of what the centre answers beside what every level does, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema

from sync.case_api.status_answer_schemas import CountAnswer, NodeStatusAnswer
from sync.messages import D_
from sync.web.answer_shapes import flag, next_page, one, several, text, texts, whole


class BacklogAnswer(Schema):
    """What the centre still lacks of a station."""

    events = whole(D_("Steps that are missing"))
    photos = whole(D_("Photos that are missing"))


class StationRowAnswer(Schema):
    """A station of the list."""

    sid = text(D_("Id of the station"))
    name = text(D_("What it is called"))
    region = text(D_("Code of the region"))
    level = text()
    level_name = text()
    parent = text(D_("Id of the station above"))
    parent_name = text(D_("Station above"))
    registered_at = text(D_("When it was registered"))
    enrolled = flag(D_("Whether a device of it is certified"))
    revoked = flag(D_("Whether all its devices were revoked"))
    last_heard = text(D_("When it was last heard"), maybe=True)
    last_heard_text = text()
    silent = flag(D_("Silent"))
    clock_offset_ms = whole(D_("How many milliseconds its clock is ahead"), maybe=True)
    clock_offset_text = text()
    cases = whole(D_("Number of cases"))
    cases_by_state = several(CountAnswer)
    backlog = one(BacklogAnswer)
    set_aside = whole(D_("Files that could not be taken"))
    alarms = whole(D_("Alarms"))


class StationListAnswer(Schema):
    """A page of stations."""

    stations = several(StationRowAnswer)
    next = next_page()


class DeviceAnswer(Schema):
    """A device code given out."""

    device = text(D_("Device code"))
    given_at = text(D_("When it was given out"))
    used_at = text(D_("When it was used"), maybe=True)
    writer = text(D_("Id of the key that used it"), maybe=True)
    revoked = flag(D_("Whether the centre has revoked it"))
    revoked_at = text(D_("When it was revoked"), maybe=True)
    revoked_why = text(D_("Why it was revoked"))


class StationAnswer(StationRowAnswer):
    """One station with its devices."""

    devices = several(DeviceAnswer)


class CodeAnswer(Schema):
    """A code that was given out."""

    sid = text(D_("Id of the station"))
    name = text(D_("What it is called"))
    region = text(D_("Code of the region"))
    level = text()
    parent = text(D_("Id of the station above"))
    parent_name = text(D_("Station above"))
    device = text(D_("Device code"))
    code = text(D_("Enrolment code, told in this answer alone"))


class BackupAnswer(Schema):
    """The newest backup."""

    at = text(D_("When"), maybe=True)
    file = text(D_("Name of the file"))
    trouble = text(D_("What went wrong"))
    text = text(D_("How long ago"))


class StationCountsAnswer(Schema):
    """How many stations."""

    registered = whole(D_("Registered stations"))
    enrolled = whole(D_("Enrolled stations"))
    silent = whole(D_("Silent"))
    behind = whole(D_("Stations with a backlog"))


class CentreStatusAnswer(NodeStatusAnswer):
    """How the centre stands."""

    backup = one(BackupAnswer)
    stations = one(StationCountsAnswer)


class MissedWordAnswer(Schema):
    """A word that was looked for at stations and not found."""

    times = whole(D_("How often it was looked for"))
    stations = whole(D_("How many stations"))
    station_names = texts(D_("Some of these stations"))
    since = text(D_("The first day"))
    last_day = text(D_("The last day"))
    item = text(D_("The item that it finds now; empty where it finds none"))
    text = text(D_("The word"))


class MissedWordListAnswer(Schema):
    """A page of words."""

    words = several(MissedWordAnswer, D_("The most frequent first"))
    next = next_page()
