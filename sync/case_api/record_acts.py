"""Acts on a record over HTTP, alike for cases, people and bags of papers: one route for each act.

State and level say what is lawful; here it is only said who may ask.

Must not know: types of record, the acts, how records are kept.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from sync.case_api.asking import answered, doer_of, request_named
from sync.case_api.schemas import ReasonSchema
from sync.errors import Conflict, StoreUnreachable, SyncError
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.acts.name_version import ChangedMeanwhile
from sync.node.node import Node
from sync.typed import Value, field
from sync.web.accounts import Account
from sync.web.bodies import load, read_object
from sync.web.describing import Key, Named, described
from sync.web.roles import Role
from sync.web.sessions import signed_in

# Who works with citizens; an administrator of the PC sees none of their papers.
STAFF = (Role.AGENT, Role.HEAD, Role.REVIEWER, Role.SUPERVISOR)
DECIDERS = (Role.HEAD, Role.REVIEWER, Role.SUPERVISOR)


def is_colleague(account: Account) -> bool:
    """Whether someone works with cases here."""
    return account.enabled and account.role in STAFF


Sent = Mapping[str, Any]


class RecordAct(Value):
    """One route: the shape of what is sent, and what is done with it.

    title     what the description calls it;  text, more of it
    refusals  what it may refuse beside what every act does
    """

    name: str
    title: str
    does: Callable[[Node, str, Sent, Doer], Answer]
    schema: Schema = field(default_factory=ReasonSchema)
    roles: tuple[Role, ...] = STAFF
    refusals: tuple[type[SyncError], ...] = ()
    text: str = ""


class ActRoutes(Value):
    """What the routes of the acts on one type of record have in common.

    under    the address of a record, with its one variable;  endpoint, what each route's begins with
    tag, answer  as `Operation` has them;  largest_bytes, of what is sent
    """

    under: str
    endpoint: str
    tag: str
    answer: Named
    largest_bytes: int

    def add(self, blueprint: Blueprint, acts: Iterable[RecordAct], node_of_app: Callable[[], Node]) -> None:
        """Give a blueprint the routes of acts."""
        for act in acts:
            tell = described(
                act.title,
                tag=self.tag,
                body=act.schema,
                answer=self.answer,
                key=Key.MAY,
                refusals=(Conflict, ChangedMeanwhile, *act.refusals, StoreUnreachable),
                if_match=True,
                text=act.text,
            )
            view = tell(signed_in(*act.roles)(self._view(act, node_of_app)))
            blueprint.add_url_rule(f"{self.under}/{act.name}", f"{self.endpoint}{act.name}", view, methods=["POST"])

    def _view(self, act: RecordAct, node_of_app: Callable[[], Node]) -> Callable[..., ResponseReturnValue]:
        def view(**address: str) -> ResponseReturnValue:
            (record_id,) = address.values()
            body = read_object(max_bytes=self.largest_bytes)
            named = request_named(body)
            sent = load(act.schema, body)
            return answered(act.does(node_of_app(), record_id, sent, doer_of(sent["reason"], named)))

        return view
