"""JSON values at random, of every kind and mixed, for whatever must order or find them."""

from hypothesis import strategies as st

# Values that have confused implementations before stand beside the random ones.
_AWKWARD = [None, True, False, 0, -0.0, 1, 1.0, -1, 2**53, 2**53 + 1, float(2**53), 2**64 - 1, -(2**63), 5e-324, 1e300]
_TEXTS = [
    "",
    "a",
    "A",
    "aa",
    "é",
    "e",
    "\u0000",
    "a\u0000",
    "~",
    "10",
    "9",
    "驿站",
    "驿",
    "\uffff",
    "\U0001f600",
    "_",
    " ",
]


def json_scalars() -> st.SearchStrategy[object]:
    """null, booleans, numbers, text."""
    numbers = st.integers(-(2**63), 2**64 - 1) | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False)
    texts = st.text(max_size=4) | st.text("aAbB é驿站_1", max_size=4) | st.sampled_from(_TEXTS)
    return st.none() | st.booleans() | numbers | texts | st.sampled_from(_AWKWARD)


def json_values() -> st.SearchStrategy[object]:
    """Any JSON value, a few levels deep."""
    return st.recursive(
        json_scalars(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abB", max_size=2), inner, max_size=3),
        max_leaves=6,
    )
