"""Templates speak from the message files: `{{ _('Save draft') }}`, by Flask-Babel.

Flask-Babel would compile the files, load them for each application anew, and look up the locale at every request.
A node has one language and has its messages in memory already (`sync/messages.py`): they are handed over. Dates and
numbers are shown by our own filters; no locale data is loaded.

Must not know: pages.
"""

from flask import Flask, current_app, has_app_context
from flask_babel import Babel, Domain

from sync.messages import LOCALE, MESSAGES, Messages

_EXTENSION = "yizhan.messages"


class _Translations:
    """Messages, as Flask-Babel asks for them: not filled in, which Jinja does, escaping what it fills in."""

    def __init__(self, messages: Messages) -> None:
        self.ugettext = messages.find
        self._messages = messages

    def upgettext(self, context: str, message: str) -> str:
        return self._messages.find(message, context=context)


class _Domain(Domain):  # type: ignore[misc]
    """Where Flask-Babel gets its translations from."""

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self._translations = _Translations(messages)

    def get_translations(self) -> _Translations:
        return self._translations


def messages_of(app: Flask) -> Messages:
    """What an application says; what `sync` says where it has no messages of its own."""
    messages: Messages = app.extensions.get(_EXTENSION, MESSAGES)
    return messages


def said(message: str) -> str:
    """The text of a message that takes nothing, as the application says it that answers now; else as `sync` does."""
    return (messages_of(current_app) if has_app_context() else MESSAGES).gettext(message)


def register_messages(app: Flask, messages: Messages) -> None:
    """Give the templates of an application its messages.

    raises  StorageError where a message file cannot be read: a node without its words does not start
    """
    messages.load()
    app.extensions[_EXTENSION] = messages
    babel = Babel(app, default_locale=LOCALE)
    babel.domain_instance = _Domain(messages)
