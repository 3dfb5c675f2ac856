"""An application as the form sends it, made into what the service takes, and its refusals put back beside the fields.

Must not know: routes, templates, what is done with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from edge_node.desk.papers import Errors, Papers, read_papers
from edge_node.desk.tray import Photos
from edge_node.services.prepare_application import CHANNELS, Application
from sync.records.clock import BEIJING
from sync.records.items import Item

CONFIRMED = "confirmed_time"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it came.

    application  what the service takes
    errors       what the form itself gets wrong, by the name of the input
    """

    application: Application
    papers: Papers
    errors: Errors

    @property
    def content(self) -> dict[str, Any]:
        """What is asked for, without the photos' bytes: the same for the same application sent again."""
        application = self.application
        return {
            "fields": dict(application.fields),
            "channel": application.channel,
            "materials": self.papers.content,
        }


def read_form(
    item: Item,
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    kept: Photos,
    *,
    largest_photo_bytes: int,
) -> Filled:
    """Read what was sent for an item; `kept` are the photos that a form sent before already brought."""
    names = [wanted.name for wanted in item.materials]
    papers = read_papers(names, form, files, kept, largest_photo_bytes=largest_photo_bytes)
    errors = dict(papers.errors)
    channel = form.get("channel", "")
    application = Application(
        item=item.code,
        fields=_fields(item, form),
        materials=papers.materials,
        channel=channel if channel in CHANNELS else CHANNELS[0],
        confirmed_ms=_confirmed(form.get(CONFIRMED, ""), errors),
    )
    return Filled(application, papers, errors)


def beside_fields(item: Item, papers: Papers, problems: Iterable[tuple[str, str]]) -> Errors:
    """The service's problems by the names of the form's inputs; the first of each input stands."""
    labels = {f"fields.{field.name}": field.label for field in item.fields}
    lacking = {f"缺少材料：{wanted.name}": f"materials.{row}" for row, wanted in enumerate(item.materials)}
    errors: Errors = {}
    for name, sentence in problems:
        place = lacking.get(sentence) or papers.place(name)
        errors.setdefault(place, _short(sentence, labels.get(name, "")))
    return errors


def _short(sentence: str, label: str) -> str:
    """A sentence without the label it stands beside."""
    if label and sentence.startswith(f"{label}："):
        return sentence.removeprefix(f"{label}：")
    return "请填写" if label and sentence == f"请填写{label}" else sentence


def _fields(item: Item, form: Mapping[str, str]) -> dict[str, str]:
    # Forms send lines with a carriage return, records keep them without.
    return {field.name: form.get(f"fields.{field.name}", "").replace("\r\n", "\n") for field in item.fields}


def _confirmed(text: str, errors: Errors) -> int | None:
    """The time the agent reads off another clock, as `datetime-local` sends it; None when nothing was filled in."""
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return int(moment.replace(tzinfo=BEIJING).timestamp() * 1000)
    except (ValueError, OverflowError):
        errors[CONFIRMED] = "日期或时间格式不对，应如 2025-07-31 15:04"
        return None
