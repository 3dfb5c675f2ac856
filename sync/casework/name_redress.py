"""救济途径: where whoever was refused may turn, and by when, as it is told with the refusal.

The times are the law's: 60 days for a review, 6 months for a court, each from when he learned of it.

source  行政许可法 art. 38, 行政复议法 art. 20, 行政诉讼法 art. 46

Must not know: what was refused, and why.
"""

from sync.messages import N_, _

NOT_ACCEPTED = N_(
    "Whoever does not agree with this refusal to accept may apply for administrative review within 60 days of learning "
    "of it, or go to court within 6 months of learning of it, as the law provides; questions are answered at the "
    "hotline 12345."
)
NOT_APPROVED = N_(
    "Whoever does not agree with this decision may apply for administrative review within 60 days of learning of it, "
    "or go to court within 6 months of learning of it, as the law provides; questions are answered at the hotline "
    "12345."
)


def redress(told: str) -> dict[str, str]:
    """The field that a refusal sets, so that it says later what it said then; told, one of the above."""
    return {"remedy": _(told)}
