"""A photo as it came, handed out to be saved: browsers show the filed one, and whoever wants this wants the file.

Must not know: where it is kept.
"""

from flask.typing import ResponseReturnValue

from edge_node.services.show_original import show_original
from edge_node.station import station_of_app
from sync.case_api.asking import asker, told_photo

_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png"}


def original(case_id: str, number: int) -> ResponseReturnValue:
    """The original of one photo of a case."""
    photo = show_original(station_of_app().node, case_id, number, by=asker().actor)
    response = told_photo(photo.content, photo.media_type)
    # No name of a case or a person in the name of the file.
    name = f"original-{number}.{_SUFFIXES.get(photo.media_type, 'bin')}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
