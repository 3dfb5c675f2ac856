"""The steps of the wizard: those that have something in them, and where each input stands."""

from edge_node.desk.steps import (
    APPLICANT,
    CONFIRM,
    FORM,
    GUIDE,
    PAPERS,
    beside,
    fields_at,
    furthest,
    step_of_place,
    steps_of,
)
from edge_node.services.matter import Matter
from sync.typed import replace
from tests.unit.edge_node.applications import item


def matter() -> Matter:
    one = item()
    keys = {(one.code, field.name): field.name for field in one.fields}
    return Matter("item", one.code, one.name, (one,), True, one.fields, one.materials, keys, one.guide, one.notice)


def test_a_step_with_nothing_in_it_is_left_out() -> None:
    whole = matter()
    assert steps_of(whole) == (GUIDE, APPLICANT, FORM, PAPERS, CONFIRM)
    assert steps_of(replace(whole, fields=whole.fields[:3])) == (GUIDE, APPLICANT, PAPERS, CONFIRM)
    assert steps_of(replace(whole, materials=())) == (GUIDE, APPLICANT, FORM, CONFIRM)


def test_every_field_stands_at_one_step_and_is_found_there() -> None:
    whole = matter()
    steps = {field.name: step for step in steps_of(whole) for field in fields_at(whole, step)}
    assert sorted(steps) == sorted(field.name for field in whole.fields)
    assert {name: step_of_place(f"fields.{name}") for name in steps} == steps
    assert (step_of_place("materials.2.copies"), step_of_place("confirmed_time")) == (PAPERS, CONFIRM)


def test_before_and_after() -> None:
    steps = steps_of(matter())
    assert (beside(steps, GUIDE), beside(steps, CONFIRM)) == (("", APPLICANT), (PAPERS, ""))
    assert (furthest(steps, "", FORM, "gone"), furthest(steps, "")) == (FORM, GUIDE)
