"""The clocks of whole cases, from the events that made them; the handbook's vectors and scenarios 1 and 5."""

from datetime import date, datetime

import pytest

from fixtures.county import county
from sync.records.case_clock import read_clocks
from sync.records.case_due import running_clock
from sync.records.clock import BEIJING
from sync.records.course_times import stage_times
from sync.records.events import read_event
from sync.records.fold import course, fold
from sync.records.items import Limit, limit_from_text
from sync.records.limit_clock import Light, Standing
from sync.records.working_days import Unit, due_day
from tests.model.story import RECEIPT, Writer

CALENDAR = county().calendar
TEN = Limit(10, Unit.WORKING_DAYS)
TWENTY = Limit(20, Unit.WORKING_DAYS)


def moment(text):
    """`09-26 15:04` of 2025, or with a year before it."""
    return datetime.fromisoformat(text if len(text) > 11 else f"2025-{text}").replace(tzinfo=BEIJING)


class Case:
    """A case told as a story: what happened when, each having seen all before."""

    def __init__(self, received, **receipt):
        self.log = []
        self.centre = Writer("centre", "centre")
        self.village = Writer("village")
        self.then(received, "received", **{**RECEIPT, "received_at": moment(received).isoformat(), **receipt})

    def then(self, when, act, *, by=None, clock="heard", **fields):
        writer = by or (self.village if act == "received" else self.centre)
        now = int(moment(when).timestamp() * 1000)
        self.log.append(writer.does(act, self.log, now=now, clock=clock, **fields))
        return self

    def stages(self):
        return course(2, "case", map(read_event, self.log))

    def read(self, now, *, promise=TEN, statutory=TWENTY):
        state = fold(2, "case", map(read_event, self.log)).state
        assert "noted" not in state
        return read_clocks(
            self.stages(),
            received_at=state["received_at"],
            promise=promise,
            statutory=statutory,
            calendar=CALENDAR,
            now=moment(now),
        )


@pytest.mark.parametrize(
    ("promise", "statutory", "matters"),
    [
        ("20W", "28N", "statutory"),  # over the holidays of October working days take longer than the law allows
        ("20W", "60N", "promise"),
        ("10W", "20W", "promise"),
        ("", "20W", "statutory"),
        ("10W", "", "promise"),
    ],
)
def test_what_a_decision_is_due_by_is_the_promise_and_never_later_than_the_law(promise, statutory, matters):
    case = Case("09-26 09:00").then("09-26 09:10", "accepted")
    clocks = case.read("09-29 09:00", promise=limit_from_text(promise), statutory=limit_from_text(statutory))
    chosen = getattr(clocks, matters)
    assert clocks.decision is chosen
    assert running_clock(clocks, "accepted") is chosen


@pytest.mark.parametrize(
    ("received", "due"),
    [("09-26 15:04", date(2025, 10, 10)), ("09-28 09:00", date(2025, 10, 11)), ("09-26 18:00", date(2025, 10, 11))],
)
def test_an_answer_is_due_in_five_working_days_over_the_national_holiday(received, due):
    clocks = Case(received).read(received)
    assert (clocks.answer.due, clocks.answer.remaining, clocks.answer.light) == (due, 5, Light.GREEN)
    assert (clocks.promise.standing, clocks.promise.sentence) == (Standing.NOT_STARTED, "受理后开始计时")
    assert (clocks.deemed_accepted, clocks.counts_from) == (False, None)


def test_after_fourteen_days_offline_due_days_are_those_of_the_receipt():
    case = Case("09-26 15:04").then("09-26 15:10", "accepted", by=Writer("phone"))
    clocks = case.read("10-10 09:00")
    assert clocks.promise.due == date(2025, 10, 16)
    assert (clocks.promise.used, clocks.statutory.due) == (5, date(2025, 10, 30))


def test_the_receipt_that_stands_counts_and_not_when_it_was_written_down():
    case = Case("09-26 15:04", received_at="2025-09-25T10:00:00+08:00")  # taken on paper the day before
    assert case.read("09-26 16:00").answer.due == date(2025, 10, 9)


def test_an_answer_in_time_stops_the_five_days():
    case = Case("09-26 15:04").then("10-10 17:00", "accepted")
    clocks = case.read("10-11 09:00")
    assert (clocks.answer.standing, clocks.answer.kept, clocks.answer.sentence) == (
        Standing.STOPPED,
        True,
        "已按时答复",
    )
    assert (clocks.deemed_accepted, clocks.counts_from) == (False, date(2025, 10, 10))


def test_what_nobody_answered_counts_as_accepted_from_its_receipt():
    case = Case("09-26 15:04")
    clocks = case.read("10-11 09:00")
    assert clocks.deemed_accepted
    assert (clocks.answer.overdue, clocks.answer.light) == (True, Light.RED)
    assert clocks.answer.sentence == "答复超期 1 个工作日，视为自收件之日起受理"
    assert (clocks.counts_from, clocks.promise.standing) == (date(2025, 9, 26), Standing.RUNNING)
    assert (clocks.promise.due, clocks.promise.used) == (date(2025, 10, 16), 6)
    late = case.then("10-13 09:00", "accepted").read("10-13 10:00")
    assert (late.deemed_accepted, late.promise.due, late.answer.kept) == (True, date(2025, 10, 16), False)


def test_a_notice_that_comes_too_late_makes_what_runs_wait():
    case = Case("09-26 15:04").then("10-13 09:00", "supplement_asked")
    clocks = case.read("10-15 09:00")
    assert clocks.promise.sentence == "计时暂停（补正），剩余 3 个工作日"
    back = case.then("10-16 09:00", "supplemented").read("10-17 09:00")
    assert (back.promise.standing, back.promise.used) == (Standing.RUNNING, 8)


def test_the_answer_begins_anew_with_what_was_missing():
    case = Case("09-26 15:04").then("09-28 09:00", "supplement_asked")
    asked = case.read("10-20 09:00")
    assert (asked.answer.sentence, asked.promise.standing) == ("已按时答复", Standing.NOT_STARTED)
    case.then("10-20 10:00", "supplemented")
    again = case.read("10-21 09:00")
    assert (again.answer.due, again.answer.remaining, again.deemed_accepted) == (date(2025, 10, 27), 4, False)
    late = case.read("10-28 09:00")
    assert (late.deemed_accepted, late.counts_from) == (True, date(2025, 10, 20))
    assert late.answer.sentence == "答复超期 1 个工作日，视为自收到补正材料之日起受理"


def test_a_withdrawal_is_no_answer():
    clocks = Case("09-26 15:04").then("09-28 09:00", "withdrawn").read("11-01 09:00")
    assert (clocks.answer.sentence, clocks.answer.kept, clocks.deemed_accepted) == ("不再计时", None, False)
    assert clocks.promise.sentence == "不再计时"


def test_without_a_calendar_nobody_is_said_to_be_late():
    clocks = Case("2026-12-30 09:00").read("2027-02-01 09:00")
    assert (clocks.deemed_accepted, clocks.answer.due) == (False, None)
    assert "2027" in clocks.answer.sentence


def test_a_case_without_limits_or_stages_reads_empty():
    clocks = Case("09-26 15:04").then("09-26 16:00", "accepted").read("09-26 17:00", promise=None, statutory=None)
    assert (clocks.promise, clocks.statutory) == (None, None)
    empty = read_clocks(
        (),
        received_at=RECEIPT["received_at"],
        promise=TEN,
        statutory=None,
        calendar=CALENDAR,
        now=moment("10-11 09:00"),
    )
    assert empty.answer.sentence == "尚未收件"


def test_a_supplement_after_acceptance_pauses_and_goes_on():
    case = Case("10-13 09:00").then("10-13 10:00", "accepted").then("10-13 10:00", "review_started")
    case.then("10-15 09:00", "supplement_asked")
    assert case.read("10-20 09:00").promise.sentence == "计时暂停（补正），剩余 8 个工作日"
    case.then("10-20 09:00", "supplemented").then("10-21 09:00", "approved").then("10-22 09:00", "completed")
    done = case.read("12-01 09:00")
    assert (done.promise.kept, done.promise.used) == (True, 3)
    assert (done.statutory.kept, done.promise.sentence) == (True, "用时 3 个工作日，在时限内")


def test_archiving_leaves_the_verdict_as_the_decision_made_it():
    case = Case("10-13 09:00").then("10-13 10:00", "accepted").then("10-13 10:00", "review_started")
    for act in ("denied", "completed", "delivered", "archived"):
        case.then("10-30 09:00", act)
    clocks = case.read("12-01 09:00")
    assert (clocks.promise.kept, clocks.promise.sentence) == (False, "用时 13 个工作日，超期 3 个工作日")
    assert clocks.statutory.kept


def test_a_case_reopened_by_a_settlement_runs_on():
    case = Case("10-13 09:00").then("10-13 10:00", "accepted").then("10-13 10:00", "review_started")
    case.then("10-15 09:00", "approved").then("10-20 09:00", "settled", status="in_review")
    assert case.read("10-21 09:00").promise.used == 3


def test_done_while_the_citizen_waits_is_done_the_same_day():
    case = Case("10-13 09:00", village_role="直", on_the_spot=True)
    case.then("10-13 09:10", "accepted").then("10-13 09:20", "finished", by=Writer("phone"))
    clocks = case.read("10-20 09:00", promise=Limit(0, Unit.WORKING_DAYS))
    assert (clocks.promise.kept, clocks.promise.sentence) == (True, "用时不足 1 个工作日，在时限内")


def test_a_special_procedure_says_when_it_should_end():
    case = Case("10-13 09:00").then("10-13 10:00", "accepted").then("10-13 10:00", "review_started")
    case.then("10-15 09:00", "special_started", special_days=7, special_basis="行政许可法第四十五条")
    clocks = case.read("10-20 09:00")
    assert clocks.promise.sentence == "计时暂停（特别程序），剩余 8 个工作日"
    special = clocks.dates.special
    assert (special.since, special.basis) == (date(2025, 10, 15), "行政许可法第四十五条")
    assert (special.expected_end, special.overdue) == (date(2025, 10, 24), False)
    assert case.read("10-25 09:00").dates.special.overdue
    case.then("10-27 09:00", "corrected", special_days=7, special_unit="N")
    assert case.read("10-27 09:00").dates.special.expected_end == date(2025, 10, 22)
    case.then("10-28 09:00", "special_ended")
    assert case.read("10-28 09:00").dates.special is None


@pytest.mark.parametrize("days", [None, 0, -1, "7", True, 10**9])
def test_a_special_procedure_without_days_has_no_end(days):
    case = Case("10-13 09:00").then("10-13 10:00", "accepted").then("10-13 10:00", "review_started")
    case.then("10-15 09:00", "special_started", special_days=days)
    assert case.read("11-20 09:00").dates.special.expected_end is None


def test_tolerance_runs_out_pauses_and_is_returned_by_the_calendar():
    case = Case("09-26 15:04").then("09-26 15:10", "tolerated", tolerance_due="2025-10-10")
    running = case.read("10-08 09:00")
    assert (running.dates.tolerance.days_left, running.dates.tolerance.sentence) == (2, "容缺材料还有 2 天")
    assert running.promise.due == date(2025, 10, 16)
    assert case.read("10-10 23:00").dates.tolerance.sentence == "容缺材料今天到期"
    expired = case.read("10-11 08:00").dates.tolerance
    assert (expired.expired, expired.unsaid, expired.return_due) == (True, True, date(2025, 10, 30))
    case.then("10-11 08:00", "tolerance_expired")
    said = case.read("10-30 09:00")
    assert (said.dates.tolerance.expired, said.dates.tolerance.unsaid, said.dates.tolerance.must_return) == (
        True,
        False,
        False,
    )
    assert said.dates.tolerance.sentence == "容缺期满，10 月 30 日前补齐可恢复办理"
    assert said.promise.sentence == "计时暂停（容缺期满），剩余 5 个工作日"
    late = case.read("10-31 09:00").dates.tolerance
    assert (late.must_return, late.sentence) == (True, "容缺期满后仍未补齐，应予退件")
    case.then("11-03 09:00", "returned")
    assert case.read("11-03 10:00").dates.tolerance is None


def test_a_tolerance_that_ran_out_while_nobody_could_say_so_paused_by_the_calendar_all_the_same():
    case = Case("09-26 15:04").then("09-26 15:10", "tolerated", tolerance_due="2025-10-10")
    case.then("10-20 09:00", "noted")
    paused = "计时暂停（容缺期满），剩余 5 个工作日"
    assert case.read("10-29 09:00").promise.sentence == paused
    case.then("10-29 10:00", "tolerance_expired")
    assert case.read("10-30 09:00").promise.sentence == paused
    case.then("10-30 10:00", "supplemented")
    assert case.read("10-30 11:00").promise.sentence.startswith("剩余 5 个工作日")


def test_the_day_after_a_tolerance_ran_out_is_not_counted():
    """10 October is a Friday, and the Saturday after it is worked."""
    case = Case("09-26 15:04").then("09-26 15:10", "tolerated", tolerance_due="2025-10-10")
    last = case.read("10-10 23:00").promise.remaining
    paused = case.read("10-11 08:00").promise
    assert (paused.standing, paused.remaining) == (Standing.PAUSED, last)
    case.then("10-13 09:00", "tolerance_expired")
    assert case.read("10-20 09:00").promise.remaining == last


@pytest.mark.parametrize("said", [(), ("10-29 10:00",)], ids=["nobody said so", "said late"])
@pytest.mark.parametrize("part", [False, True], ids=["at once", "a part before"])
def test_papers_that_come_after_a_tolerance_ran_out_find_the_clock_paused_whether_or_not_it_was_said(said, part):
    case = promised("银行卡", "照片") if part else promised("银行卡")
    if part:
        case.then("10-08 09:00", "supplemented", materials=[{"name": "照片"}])
    last = case.read("10-10 23:00").promise
    for moment_said in said:
        case.then(moment_said, "tolerance_expired")
    case.then("10-29 11:00", "supplemented", materials=[{"name": "银行卡"}])
    going = case.read("10-29 15:00").promise
    assert (going.standing, going.remaining) == (Standing.RUNNING, last.remaining)
    assert going.due == due_day(CALENDAR, moment("10-29 11:00"), last.remaining, Unit.WORKING_DAYS)


def test_who_is_returned_after_a_tolerance_ran_out_had_his_clock_paused_since():
    case = promised("银行卡")
    last = case.read("10-10 23:00").promise.remaining
    case.then("11-03 09:00", "returned")
    assert case.read("11-03 10:00").promise.remaining == last


def test_what_is_handed_in_after_a_tolerance_ran_out_sets_the_clock_going_and_does_not_run_out_again():
    case = Case("09-26 15:04").then("09-26 15:10", "tolerated", tolerance_due="2025-10-10")
    case.then("10-11 08:00", "tolerance_expired").then("10-13 09:00", "supplemented")
    clocks = case.read("10-15 09:00")
    assert (clocks.promise.standing, clocks.promise.used) == (Standing.RUNNING, 7)
    assert (clocks.dates.tolerance.expired, clocks.dates.tolerance.unsaid) == (False, False)
    assert clocks.dates.tolerance.sentence == "容缺材料已提交，待核对"
    case.then("10-15 10:00", "corrected", tolerance_due="2025-10-17")
    assert case.read("10-18 09:00").dates.tolerance.unsaid


def promised(*papers):
    case = Case("09-26 15:04")
    return case.then("09-26 15:10", "tolerated", tolerance_due="2025-10-10", tolerance_materials=list(papers))


def brought(*papers):
    return {"materials": [{"name": name} for name in papers]}


def test_of_a_promise_that_was_kept_in_part_the_rest_runs_out_as_ever():
    case = promised("银行卡", "照片").then("10-09 09:00", "supplemented", **brought("身份证", "银行卡"))
    running = case.read("10-10 09:00").dates.tolerance
    assert (running.expired, running.sentence) == (False, "容缺材料今天到期")
    clocks = case.read("10-13 09:00")
    assert (clocks.dates.tolerance.expired, clocks.dates.tolerance.unsaid) == (True, True)
    assert clocks.promise.sentence == "计时暂停（容缺期满），剩余 5 个工作日"
    case.then("10-14 09:00", "tolerance_expired")
    assert case.read("10-14 10:00").promise.sentence == "计时暂停（容缺期满），剩余 5 个工作日"
    late = case.read("11-03 09:00").dates.tolerance
    assert (late.must_return, late.sentence) == (False, "容缺期满，只补交了一部分，还缺：照片，请催交或者退件")
    case.then("11-03 10:00", "supplemented", **brought("身份证", "银行卡", "照片"))
    whole = case.read("11-03 11:00")
    assert whole.dates.tolerance.sentence == "容缺材料已提交，待核对"
    assert whole.promise.sentence.startswith("剩余 5 个工作日")


def test_a_part_that_comes_after_a_promise_ran_out_sets_no_clock_going():
    case = promised("银行卡", "照片").then("10-11 08:00", "tolerance_expired")
    case.then("10-13 09:00", "supplemented", **brought("银行卡"))
    clocks = case.read("10-15 09:00")
    assert (clocks.promise.standing, clocks.dates.tolerance.unsaid) == (Standing.PAUSED, True)
    case.then("10-20 09:00", "supplemented", **brought("银行卡", "照片"))
    assert case.read("10-20 10:00").promise.sentence.startswith("剩余 5 个工作日")


@pytest.mark.parametrize("due", [None, "tomorrow", 7, "2025-02-30"])
def test_a_tolerance_without_a_day_never_runs_out_by_itself(due):
    case = Case("09-26 15:04").then("09-26 15:10", "tolerated", tolerance_due=due)
    tolerance = case.read("12-01 09:00").dates.tolerance
    assert (tolerance.due, tolerance.expired, tolerance.sentence) == (None, False, "未约定容缺补齐日期")


def test_a_return_in_a_year_without_a_calendar_is_not_guessed():
    case = Case("2026-12-01 09:00").then("2026-12-01 10:00", "tolerated", tolerance_due="2026-12-25")
    tolerance = case.read("2026-12-28 09:00").dates.tolerance
    assert (tolerance.unsaid, tolerance.return_due, tolerance.must_return) == (True, None, False)
    assert "2027" in tolerance.sentence


def test_a_supplement_is_due_ten_natural_days_after_the_notice_or_when_it_says():
    case = Case("09-26 15:04").then("09-26 16:00", "supplement_asked")
    supplement = case.read("10-06 09:00").dates.supplement
    assert (supplement.due, supplement.days_left, supplement.sentence) == (date(2025, 10, 6), 0, "补正今天到期")
    assert case.read("10-08 09:00").dates.supplement.sentence == "补正已逾期 2 天"
    said = Case("09-26 15:04").then("09-26 16:00", "supplement_asked", supplement_due="2025-10-20")
    said = said.read("10-15 09:00").dates.supplement
    assert (said.due, said.expired, said.sentence) == (date(2025, 10, 20), False, "补正还有 5 天")


def test_clocks_that_are_wrong_turn_no_days_around():
    case = Case("10-13 09:00").then("10-13 10:00", "accepted")
    case.then("2001-01-01 00:00", "review_started", clock="doubtful")  # a battery that fell out
    case.then("2033-01-01 00:00", "supplement_asked", clock="doubtful")  # a slip at the desk
    case.then("10-16 09:00", "supplemented")
    case.then("2030-01-01 00:00", "approved")
    times = [one.at for one in stage_times(case.stages(), moment("10-20 09:00"))]
    assert times == [
        moment(text)
        for text in ("10-13 09:00", "10-13 10:00", "10-13 10:00", "10-16 09:00", "10-16 09:00", "10-20 09:00")
    ]
    assert case.read("10-20 09:00").promise.kept


def test_now_may_come_from_any_zone():
    case = Case("10-13 09:00").then("10-13 10:00", "accepted")
    here = case.read("10-17 01:00").promise
    state = fold(2, "case", map(read_event, case.log)).state
    there = read_clocks(
        case.stages(),
        received_at=state["received_at"],
        promise=TEN,
        statutory=None,
        calendar=CALENDAR,
        now=datetime.fromisoformat("2025-10-16T17:00:00+00:00"),
    )
    assert there.promise == here
