"""What people read, by its English message id, from the message files.

Code and templates say `_("Save draft")`; the Chinese stands in translations/zh_Hans_CN/LC_MESSAGES/messages.po of the
package that says it. A node reads these files as they stand, once and when first asked: nothing is compiled, so
nothing can be stale or forgotten, and no screen falls back to English. Flask-Babel hands the same messages to
templates (`sync/web/speaking.py`). What the API says of itself stands in description.po beside it, which is read when
the description is drawn and let go of after.

A message is always filled in with %(name)s, as Jinja does it, so a percent sign is written %% in both languages.

Must not know: Flask, what the messages are about.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from sync.errors import StorageError

LOCALE = "zh_Hans_CN"
_REMEDY = "Install yizhan again."
_FOLDER = Path("translations", LOCALE, "LC_MESSAGES")
_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr) )?"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_MEANING = {"n": "\n", "t": "\t"}
_AFTER_CONTEXT = "\x04"  # as in gettext's own files


class Messages:
    """The messages of one package, and of the one it stands on. Guards that a file is read once."""

    def __init__(self, package: Path, *, below: "Messages | None" = None, file: str = "messages.po") -> None:
        self.path = package / _FOLDER / file
        self._package, self._below = package, below

    @cached_property
    def texts(self) -> dict[str, str]:
        """The package's own, by message id; behind a context where there is one. Raises what `read_messages` does."""
        return read_messages(self.path)

    def load(self) -> None:
        """Read the files now. Raises what `texts` does."""
        self.find("")  # no file has it, so each is asked

    def describing(self) -> "Messages":
        """What the packages say of the API, and then what the lowest says: read when first asked, and by each anew."""
        below = self if self._below is None else self._below.describing()
        return Messages(self._package, below=below, file="description.po")

    def find(self, message: str, *, context: str = "") -> str:
        """The text as it stands in the file, not filled in; the message itself where no file has it."""
        key = context + _AFTER_CONTEXT + message if context else message
        text = self.texts.get(key)
        if text is not None:
            return text
        return message if self._below is None else self._below.find(message, context=context)

    def gettext(self, message: str, /, **values: object) -> str:
        """The text of a message, filled in."""
        return self.find(message) % values

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """The same for a message that is ambiguous without its context."""
        return self.find(message, context=context) % values


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a message that stands in a constant: it is looked up where it is shown, with `_(...)`."""
    return message


def D_(message: str) -> str:  # noqa: N802 - like the one above
    """Mark what describes the API: it is looked up in `Messages.describing` where the description is drawn."""
    return message


def is_readable(sentence: str) -> bool:
    """Whether somebody at a desk can read it: what is written for developers and for the log is in English alone."""
    return any("\u4e00" <= character <= "\u9fff" for character in sentence)


def read_messages(path: Path) -> dict[str, str]:
    """What a message file says, by message id.

    raises  StorageError that names the file and, where it is no message file, the line
    """
    try:
        with path.open(encoding="utf-8") as lines:
            return _read(path, lines)
    except (OSError, UnicodeDecodeError):
        raise StorageError(f"{path}: the message file is not there or cannot be read", remedy=_REMEDY) from None


def _read(path: Path, lines: Iterable[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    entry: dict[str, str] = {}
    part = ""
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        begun = found and (found[1] or part)
        if not found or not begun:
            raise StorageError(f"{path}:{number}: not a line of a message file", remedy=_REMEDY)
        if found[1] in ("msgctxt", "msgid") and "msgstr" in entry:
            _keep(texts, entry)
            entry = {}
        part = begun
        entry[part] = entry.get(part, "") + _ESCAPED.sub(lambda one: _MEANING.get(one[1], one[1]), found[2])
    _keep(texts, entry)
    return texts


def _keep(texts: dict[str, str], entry: dict[str, str]) -> None:
    message, text = entry.get("msgid", ""), entry.get("msgstr", "")
    if message and text:  # the first entry, without a message, is the file's header
        context = entry.get("msgctxt")
        texts[message if context is None else context + _AFTER_CONTEXT + message] = text


MESSAGES = Messages(Path(__file__).parent)
_ = MESSAGES.gettext
pgettext = MESSAGES.pgettext
