"""一次性告知: a later notice that names what an earlier one should have is found, and no other (scenario 4)."""

from sync.records.events import event_hash, read_event
from sync.records.log import case_from_document, folded_body
from sync.records.notices import Gap, gaps_of, late_gaps
from sync.revisions.tree import Branch
from sync.values.documents import Document
from tests.model.story import NOON, Writer
from tests.unit.sync.records.test_fold import HOUR, Story

ITEM = ("身份证", "户口簿", "照片", "承诺书")


def gaps(*materials):
    return [{"material": name, "what": f"缺{name}"} for name in materials]


def paper(name, blob=""):
    return {"name": name, "photos": [{"blob": blob}] if blob else []}


class Told(Story):
    """A case that came with an identity card only."""

    def __init__(self):
        super().__init__(materials=[paper("身份证", "b1")])
        self.log = [self.received]

    def then(self, writer, act, **fields):
        self.log += self.chain(writer, act, after=self.log, **fields)
        return self.log[-1]

    def late(self, version=1):
        body = folded_body(version, "case", map(read_event, self.log))
        record = case_from_document(Document("case:k3m7q-aaaqeayeaudaocaj", Branch(1, ("a" * 32,)), body))
        return late_gaps(record, materials=ITEM)


def test_one_notice_is_never_late():
    story = Told()
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿", "照片"))
    assert story.late() == ()


def test_a_second_notice_for_what_was_missing_all_along_is_a_fault():
    story = Told()
    first = story.then(story.village, "supplement_asked", gaps=gaps("户口簿"))
    story.then(story.village, "supplemented", materials=[paper("身份证", "b1"), paper("户口簿", "b2")])
    second = story.then(story.village, "supplement_asked", gaps=gaps("照片"))
    (late,) = story.late()
    assert (late.event.hash, late.earlier.hash) == (event_hash(second), event_hash(first))
    assert late.gap == Gap("照片", "缺照片")
    assert late.sentence == "一次性告知不到位：“照片”应在 2025-09-26 的告知中一并提出"


def test_a_gap_that_was_named_and_still_lacks_is_no_fault():
    story = Told()
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿", "照片"))
    story.then(story.village, "supplemented", materials=[paper("身份证", "b1"), paper("户口簿", "b2")])
    story.then(story.village, "supplement_asked", gaps=gaps("照片"))
    assert story.late() == ()


def test_a_gap_in_what_was_handed_in_since_is_no_fault():
    story = Told()
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿"))
    story.then(
        story.village, "supplemented", materials=[paper("户口簿", "b2"), paper("照片", "b3"), paper("身份证", "b4")]
    )
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿", "照片", "身份证"))
    assert story.late() == ()


def test_a_flaw_in_what_lay_there_at_the_first_notice_is_a_fault():
    story = Told()
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿"))
    story.then(story.village, "supplemented", materials=[paper("身份证", "b1"), paper("户口簿", "b2")])
    story.then(story.village, "supplement_asked", gaps=gaps("身份证"))
    assert [one.gap.material for one in story.late()] == ["身份证"]


def test_a_third_notice_is_held_against_the_second():
    story = Told()
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿"))
    story.then(story.village, "supplemented", materials=[paper("户口簿", "b2"), paper("照片", "b3")])
    second = story.then(story.village, "supplement_asked", gaps=gaps("户口簿"))
    story.then(story.village, "supplemented", materials=[paper("户口簿", "b4"), paper("照片", "b3")])
    story.then(story.village, "supplement_asked", gaps=gaps("照片"))
    (late,) = story.late()
    assert (late.gap.material, late.earlier.hash) == ("照片", event_hash(second))


def test_before_and_after_acceptance_are_one_story():
    story = Told()
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿"))
    story.then(story.village, "supplemented", materials=[paper("户口簿", "b2")])
    story.then(story.village, "accepted")
    story.then(story.village, "review_started")
    story.then(story.county, "supplement_asked", gaps=gaps("承诺书"))
    assert [one.gap.material for one in story.late()] == ["承诺书"]


def test_notices_that_did_not_know_of_each_other_are_both_first_ones():
    story = Told()
    here = story.chain(story.village, "supplement_asked", gaps=gaps("户口簿"))
    there = story.chain(story.township, "supplement_asked", gaps=gaps("照片"), now=NOON + HOUR)
    story.log += [*here, *there]
    assert story.late() == ()
    story.then(story.village, "supplemented")
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿", "照片"))
    assert story.late() == ()


def test_a_notice_without_effect_was_not_given():
    story = Told()
    story.then(story.village, "accepted")
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿"))
    story.then(story.village, "review_started")
    story.then(story.county, "supplement_asked", gaps=gaps("照片"))
    assert story.late() == ()


def test_a_notice_that_waits_because_the_case_was_handed_over_was_not_given():
    story = Told()
    passed = story.chain(story.township, "passed_on", assignee="acct:phon")
    parked = story.chain(story.village, "supplement_asked", gaps=gaps("户口簿"))
    story.log += [*passed, *parked]
    story.then(story.phone, "supplement_asked", gaps=gaps("照片"))
    assert story.late(version=2) == ()


def test_what_is_no_material_of_the_item_or_no_gap_at_all_is_left_alone():
    story = Told()
    story.then(story.village, "supplement_asked", gaps=gaps("户口簿"))
    story.then(story.village, "supplemented", materials="none")
    story.then(story.village, "supplement_asked", gaps=[*gaps("结婚证"), {"what": "电话有误"}, "x", {"material": 7}])
    assert story.late() == ()
    assert gaps_of(read_event(story.log[-1])) == (Gap("结婚证", "缺结婚证"), Gap("", "电话有误"))
    assert gaps_of(read_event(Writer("w").does("supplement_asked", gaps="x"))) == ()
