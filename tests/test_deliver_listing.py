"""Names of pages as one text, found by halves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from briefing.deliver import Listing

NAMES = st.lists(
    st.text("ab/-.é 𝒳", min_size=1, max_size=6) | st.text("a", min_size=1, max_size=40),
    max_size=30,
)


@given(NAMES, NAMES)
def test_a_listing_is_what_a_set_would_be(some: list[str], more: list[str]) -> None:
    listing = Listing.of(some).with_names(more)
    both = {*some, *more}
    assert list(listing) == sorted(both)
    assert len(listing) == len(both)
    assert listing == Listing.of(both)
    assert all(name in listing for name in both)


@given(NAMES, st.text("ab/-.é 𝒳", max_size=6))
def test_nothing_else_is_in_it(some: list[str], name: str) -> None:
    assert (name in Listing.of(some)) == (name in some)
