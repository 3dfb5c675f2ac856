"""The routes of signing in and out and of changing one's password, for programs and for people.

    GET POST DELETE /api/v1/session      who am I · sign in · sign out
    PUT /api/v1/session/password         change the password
    GET POST /sign-in · POST /sign-out · GET POST /password      the same as pages

Must not know: how passwords and sessions are kept.
"""

from typing import Any

from flask import Blueprint, Flask, flash, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from sync.errors import Forbidden, Invalid, PageExpired, Unauthorized
from sync.messages import D_, _
from sync.web.accounts import LONGEST_NAME, Account
from sync.web.answer_shapes import flag, one, text, whole
from sync.web.bodies import load, read_object
from sync.web.describing import described
from sync.web.frame import own_path
from sync.web.passwords import LONGEST
from sync.web.problems import problem_of
from sync.web.roles import Role
from sync.web.sessions import (
    PASSWORD_PATH,
    SIGN_IN_PATH,
    Sessions,
    attach,
    csrf_token,
    current_account,
    give_cookie,
    own_address,
    own_token,
    require_own_origin,
    sessions_of_app,
    signed_in,
)

_API = "/api/v1/session"
_LARGEST_BODY_BYTES = 4096
_LARGEST_FORM_BYTES = 16 << 10
_TAG = D_("Sign in")


class SignInSchema(Schema):
    """What a program sends to sign in."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_NAME))
    password = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))


class PasswordSchema(Schema):
    """What a program sends to change a password."""

    old = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))
    new = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))


class AccountAnswer(Schema):
    """Who is signed in."""

    name = text(D_("Account"))
    display_name = text(D_("Name of the person"))
    role = text(D_("Code of the post"), among=tuple(role.value for role in Role))
    role_label = text(D_("Post"))


class SessionAnswer(Schema):
    """A session."""

    account = one(AccountAnswer)
    must_change_password = flag(D_("Whether the initial password has to be changed first"))
    idle_seconds = whole(D_("After how many seconds without use it ends"))
    csrf_token = text(D_("The csrf_token that forms bring back"))


def register_signing_in(app: Flask, sessions: Sessions) -> None:
    """Give an application its sessions and the routes to begin and end them.

    Pages need `sync.web.frame`, and `app.secret_key` for the messages between one page and the next.
    """
    attach(app, sessions)
    blueprint = Blueprint("sessions", __name__)
    blueprint.before_request(_most_bytes)
    blueprint.add_url_rule(_API, "show", _show, methods=["GET"])
    blueprint.add_url_rule(_API, "sign_in", _sign_in, methods=["POST"])
    blueprint.add_url_rule(_API, "end", _end, methods=["DELETE"])
    blueprint.add_url_rule(f"{_API}/password", "change", _change, methods=["PUT"])
    blueprint.add_url_rule(SIGN_IN_PATH, "sign_in_page", _sign_in_page, methods=["GET", "POST"])
    blueprint.add_url_rule("/sign-out", "sign_out", _sign_out, methods=["POST"])
    blueprint.add_url_rule(PASSWORD_PATH, "password_page", _password_page, methods=["GET", "POST"])
    app.register_blueprint(blueprint)


def _most_bytes() -> None:
    """Before a form is read: whoever sends it has not shown who he is."""
    request.max_content_length = _LARGEST_FORM_BYTES


@described(D_("Who is signed in"), tag=_TAG, answer=SessionAnswer)
@signed_in(may_be_new=True)
def _show() -> ResponseReturnValue:
    return jsonify(_described(g.account))


@described(
    D_("Sign in"),
    tag=_TAG,
    body=SignInSchema,
    answer=SessionAnswer,
    status=201,
    refusals=(Unauthorized, Forbidden),
    text=D_(
        "Further requests carry the cookie of the answer. After five wrong passwords in a row the account is "
        "locked for fifteen minutes."
    ),
)
def _sign_in() -> ResponseReturnValue:
    require_own_origin()
    sent = load(SignInSchema(), read_object(max_bytes=_LARGEST_BODY_BYTES))
    token, account = sessions_of_app().begin(sent["name"], sent["password"], address=own_address())
    g.new_token = token
    return give_cookie((jsonify(_described(account)), 201), token)


@described(D_("End the session"), tag=_TAG, status=204)
@signed_in(may_be_new=True)
def _end() -> ResponseReturnValue:
    sessions_of_app().end(own_token(), g.account)
    return give_cookie(("", 204), "")


@described(
    D_("Change the password"),
    tag=_TAG,
    body=PasswordSchema,
    status=204,
    text=D_("The other sessions of the account end with it."),
)
@signed_in(may_be_new=True)
def _change() -> ResponseReturnValue:
    sent = load(PasswordSchema(), read_object(max_bytes=_LARGEST_BODY_BYTES))
    return give_cookie(("", 204), _replace_password(sent["old"], sent["new"]))


def _sign_in_page() -> ResponseReturnValue:
    target = own_path(request.values.get("next", ""))
    if request.method == "GET":
        return redirect(target) if current_account() else _sign_in_form(target)
    require_own_origin()
    name = request.form.get("name", "").strip()
    try:
        token, account = sessions_of_app().begin(name, request.form.get("password", ""), address=own_address())
    except (Unauthorized, Forbidden) as refusal:
        return _sign_in_form(target, name=name, sentence=refusal.reason), problem_of(refusal).status
    return give_cookie(redirect(PASSWORD_PATH if account.must_change else target, 303), token)


def _sign_in_form(target: str, *, name: str = "", sentence: str = "") -> str:
    return render_template("frame/sign_in.html", next=target, name=name, sentence=sentence)


def _sign_out() -> ResponseReturnValue:
    """The end of a session; pressed twice, or in another tab, it is the same end."""
    if current_account() is None:
        return redirect(SIGN_IN_PATH, 303)
    return _end_of_page_session()


@signed_in(may_be_new=True)
def _end_of_page_session() -> ResponseReturnValue:
    sessions_of_app().end(own_token(), g.account)
    return give_cookie(redirect(SIGN_IN_PATH, 303), "")


def _password_page() -> ResponseReturnValue:
    """Change the password as a page. A form of before it was changed, as one pressed twice is, says how it stands."""
    try:
        return _change_on_page()
    except (PageExpired, Unauthorized):
        if request.method == "GET":
            raise
        require_own_origin()
        told = _(
            "This page was opened before you signed in or changed the password, and nothing was changed now. "
            "If you have just changed it, it is done, and the new one counts."
        )
        flash(told, "info")
        return redirect("/" if current_account() else SIGN_IN_PATH, 303)


@signed_in(may_be_new=True)
def _change_on_page() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("frame/password.html", errors={})
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    try:
        if new != again:
            raise Invalid(
                _("Something is not filled in rightly"),
                fields=[("again", _("The new password was not typed the same twice"))],
            )
        token = _replace_password(old, new)
    except Invalid as refusal:
        return render_template("frame/password.html", errors=dict(refusal.fields)), 422
    flash(_("The password is changed"), "good")
    return give_cookie(redirect("/", 303), token)


def _replace_password(old: str, new: str) -> str:
    """Change it, which ends every session of the account, and begin a new one for this browser."""
    sessions = sessions_of_app()
    account: Account = g.account
    sessions.accounts.change_password(account.name, old, new, address=own_address())
    return sessions.renew(account) if own_token() else ""


def _described(account: Account) -> dict[str, Any]:
    return {
        "account": {
            "name": account.name,
            "display_name": account.display_name,
            "role": account.role.value,
            "role_label": account.role.label,
        },
        "must_change_password": account.must_change,
        "idle_seconds": sessions_of_app().idle_seconds,
        "csrf_token": csrf_token(),
    }
