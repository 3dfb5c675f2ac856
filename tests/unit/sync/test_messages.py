"""Messages: looked up where they stand, filled in, and escaped on pages; a node without its words does not start."""

from pathlib import Path

import pytest
from flask import Flask, render_template_string

from edge_node.messages import MESSAGES as STATION
from sync.errors import StorageError
from sync.messages import MESSAGES, Messages, read_messages
from sync.web.speaking import register_messages

FILE = r"""# Whose words these are.
msgid ""
msgstr ""
"Language: zh_Hans_CN\n"

#: somewhere.py
#, python-format
msgid "Kept %(days)s days"
msgstr "保留 %(days)s 天"

msgid ""
"A long one "
"in pieces"
msgstr "第一行\n"
"“第二行” \\ \"三\""

msgctxt "of a case"
msgid "Received"
msgstr "收件"

msgid "Received"
msgstr "收到"

msgid "100 %%"
msgstr "百分之百 %%"

msgid "Not written yet"
msgstr ""

#~ msgid "Gone"
#~ msgstr "没有了"
"""


def package(place: Path, text: str = FILE) -> Path:
    messages = Messages(place)
    messages.path.parent.mkdir(parents=True)
    messages.path.write_text(text, "utf-8")
    return place


def test_a_message_is_found_filled_in_and_told_from_its_namesake(tmp_path: Path) -> None:
    messages = Messages(package(tmp_path))
    assert messages.gettext("Kept %(days)s days", days=3) == "保留 3 天"
    assert messages.gettext("A long one in pieces") == '第一行\n“第二行” \\ "三"'
    assert messages.gettext("Received") == "收到"
    assert messages.pgettext("of a case", "Received") == "收件"
    assert messages.gettext("100 %%") == "百分之百 %"
    assert messages.gettext("Not written yet") == "Not written yet"
    assert messages.gettext("Gone") == "Gone"
    assert len(messages.texts) == 5


def test_a_package_says_its_own_first_and_then_what_it_stands_on_says(tmp_path: Path) -> None:
    above = 'msgid "Received"\nmsgstr "已收"\n'
    messages = Messages(package(tmp_path / "above", above), below=Messages(package(tmp_path / "below")))
    assert messages.gettext("Received") == "已收"
    assert messages.pgettext("of a case", "Received") == "收件"
    assert STATION.gettext("Sign in") == MESSAGES.gettext("Sign in") == "登录"


def test_what_is_said_of_the_api_is_read_when_it_is_asked_for_and_by_each_anew(tmp_path: Path) -> None:
    package(tmp_path / "below")
    messages = Messages(package(tmp_path / "above"), below=Messages(tmp_path / "below"))
    messages.load()
    with pytest.raises(StorageError, match=r"description\.po"):
        messages.describing().gettext("Code of the state")
    for place, text in (("above", "这里的状态"), ("below", "状态代码")):
        file = Messages(tmp_path / place, file="description.po").path
        file.write_text(f'msgid "Code {place}"\nmsgstr "{text}"\n', "utf-8")
    described = messages.describing()
    assert [described.gettext(f"Code {place}") for place in ("above", "below")] == ["这里的状态", "状态代码"]
    assert described.gettext("Received") == "收到"
    assert messages.gettext("Code above") == "Code above"
    assert messages.describing().texts is not described.texts


@pytest.mark.parametrize("line", ["msgid Received", '"in pieces of nothing"', 'msgid "open', 'msgid_plural "Cases"'])
def test_what_is_no_line_of_a_message_file_is_named(tmp_path: Path, line: str) -> None:
    messages = Messages(package(tmp_path, f"# first\n{line}\n"))
    with pytest.raises(StorageError, match=r"messages\.po:2"):
        read_messages(messages.path)


def test_a_node_without_its_words_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"messages\.po"):
        register_messages(Flask("station"), Messages(tmp_path, below=MESSAGES))
    with pytest.raises(StorageError, match=r"messages\.po"):
        register_messages(Flask("station"), Messages(package(tmp_path / "above"), below=Messages(tmp_path)))


def test_templates_speak_from_the_files_and_escape_what_they_fill_in() -> None:
    app = Flask("station")
    register_messages(app, STATION)
    with app.app_context():
        assert render_template_string("{{ _('Search for “%(words)s”', words='<b>') }}") == "搜索“&lt;b&gt;”"
        assert render_template_string("{{ _('Sign in') }} {{ _(label) }}", label="自己的话") == "登录 自己的话"
