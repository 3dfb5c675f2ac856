"""The steps of the wizard, and what stands at which: 情形引导 → 申请人 → 表单 → 材料 → 确认收件.

A step with nothing in it is left out.

Must not know: routes, templates, drafts.
"""

from edge_node.services.matter import Matter
from sync.messages import N_
from sync.records.agents import AGENT
from sync.records.applicant_paper import NUMBER
from sync.records.form import Field

GUIDE, APPLICANT, FORM, PAPERS, CONFIRM = "guide", "applicant", "form", "papers", "confirm"
LABELS = {
    GUIDE: N_("Guidance"),
    APPLICANT: N_("Applicant"),
    FORM: N_("Form"),
    PAPERS: N_("Materials"),
    CONFIRM: N_("Confirm"),
}
NUMBER_INPUT = f"fields.{NUMBER}"  # by which whoever applies is found on the register
# Who applies, where they live, and who comes for them; everything else is the form's.
_APPLICANT = ("applicant_name", "cert_kind", NUMBER, "phone", "address", "home_address", AGENT)


def steps_of(matter: Matter) -> tuple[str, ...]:
    """The steps that have something in them, in order."""
    empty = {step for step in (APPLICANT, FORM) if not fields_at(matter, step)}
    if not matter.materials:
        empty.add(PAPERS)
    return tuple(step for step in LABELS if step not in empty)


def fields_at(matter: Matter, step: str) -> tuple[Field, ...]:
    """The fields that are filled in at a step."""
    if step not in (APPLICANT, FORM):
        return ()
    return tuple(field for field in matter.fields if (field.name in _APPLICANT) is (step == APPLICANT))


def step_of_place(place: str) -> str:
    """At which step an input stands, by its name: fields.<name>, agent.<name>, materials.<row>, situations.<name>."""
    if place.startswith("materials"):
        return PAPERS
    if place.startswith("situations."):
        return GUIDE
    if place.startswith("agent."):
        return APPLICANT
    if not place.startswith("fields."):
        return CONFIRM
    return APPLICANT if place.removeprefix("fields.") in _APPLICANT else FORM


def beside(steps: tuple[str, ...], step: str) -> tuple[str, str]:
    """The step before and the step after; "" where there is none."""
    here = steps.index(step)
    return (steps[here - 1] if here else "", steps[here + 1] if here + 1 < len(steps) else "")


def furthest(steps: tuple[str, ...], *some: str) -> str:
    """Of some steps the one that comes last; names of no step count as the first."""
    return max((one for one in some if one in steps), key=steps.index, default=steps[0])
