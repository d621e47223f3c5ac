"""Pictures: where their marks stand, and what they are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from briefing.render.chart import SIDE, STEP, TALL, bars, path, square
from briefing.render.figures import DAYS
from tests.briefs import report
from tests.sites import editions, pages_of

VALUES = st.lists(st.integers(0, 10**9), min_size=1, max_size=60)


@given(VALUES, st.sampled_from([0, 1, 3]))
def test_bars_stand_in_their_places_and_are_as_high_as_their_values(values, gap):
    most = max(*values, 1)
    drawn = bars(values, most=most, gap=gap)
    assert len(drawn) == sum(value > 0 for value in values)
    for value, box in zip(filter(None, values), drawn, strict=True):
        assert box.x % STEP == gap
        assert 0 <= box.y < TALL == box.y + box.height
        assert abs(box.height - TALL * value / most) <= 1
    assert all(one.x + one.width <= other.x for one, other in pairwise(drawn))
    assert all(values[box.x // STEP] for box in drawn)


@given(VALUES)
def test_a_higher_value_never_has_a_lower_bar(values):
    most = max(*values, 1)
    heights = {box.x: box.height for box in bars(values, most=most, gap=0)}
    found = [heights.get(at * STEP, 0) for at in range(len(values))]
    ordered = sorted(zip(values, found, strict=True))
    assert all(one[1] <= other[1] for one, other in pairwise(ordered))


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_square_is_in_the_middle_and_its_area_is_as_its_value(value, most):
    value = min(value, most)
    box = square(value, most=most)
    if not value:
        assert box is None
        return
    assert box is not None
    assert box.x == box.y == (SIDE - box.width) // 2
    assert 2 <= box.width == box.height <= SIDE
    exact = SIDE * (value / most) ** 0.5
    assert box.width == 2 or abs(box.width - exact) <= 2


@given(VALUES)
def test_a_path_has_a_box_each_and_whole_numbers_only(values):
    boxes = bars(values, most=max(*values, 1))
    drawn = path(boxes)
    assert drawn.count("M") == drawn.count("z") == len(boxes)
    assert not set(drawn) - set("Mhvz- 0123456789")


def trees(pages):
    return {
        name: html.document_fromstring(page)
        for name, page in pages.items()
        if name.endswith(".html")
    }


def figures(tree):
    """Return the rows of the table of figures."""
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./*")]
        for row in tree.xpath("//table[@class='figures']/tbody/tr")
    ]


def test_a_story_of_several_days_has_its_course_with_the_figures():
    story = trees(pages_of(editions()))["stories/999999999999.html"]
    assert figures(story) == [
        ["2 Januari 2025", "1", "1"],
        ["1 Desember 2024", "1", "1"],
    ]
    [picture] = story.xpath("//figure/*[name()='svg']")
    days = (editions()[-1].date - editions()[0].date).days + 1
    assert picture.get("viewbox") == f"0 0 {days * STEP} 41"
    assert "bergaris tepi" in story.xpath("string(//figcaption)")


def test_a_story_of_one_day_has_none():
    known = trees(pages_of(editions()))
    assert not known["stories/222222222222.html"].xpath("//figure")


def test_topics_stand_beside_each_other_by_day():
    tree = trees(pages_of(editions()))["topics/index.html"]
    assert figures(tree) == [["2 Januari 2025", "Jalan & Jembatan", "1"]]
    pictures = tree.xpath("//ul/li[.//*[name()='svg']]/a/bdi/text()")
    assert pictures == ["Jalan & Jembatan"], "the other has nothing in these days"


def test_the_picture_of_a_topic_ends_with_its_own_last_day():
    first, *_ = editions()
    later = replace(
        first, date=first.date + timedelta(days=DAYS), sections=first.sections[:1]
    )
    one, other = (trees(pages_of(some)) for some in ([first], [first, later]))
    name = "topics/cuaca.html"
    assert html.tostring(one[name]) == html.tostring(other[name])
    assert figures(other["topics/jalan.html"]) == [["31 Desember 2024", "1"]]


def test_who_reports_what_is_a_table_with_squares():
    first, *_ = editions()
    [road, weather] = first.sections
    more = replace(
        road.stories[0],
        id="4" * 12,
        reports=(report("4" * 16, "Isi.", outlet="Pena"), *road.stories[0].reports),
    )
    some = replace(
        first, sections=(replace(road, stories=(*road.stories, more)), weather)
    )
    tree = trees(pages_of([some]))["outlets/index.html"]
    [table] = tree.xpath("//table[@class='matrix']")
    heads = table.xpath("./thead//th//bdi/text()")
    rows = {
        row.xpath("string(./th)").strip(): [
            (cell.xpath("string(./span)"), cell.xpath(".//*[name()='rect']/@width"))
            for cell in row.xpath("./td")
        ]
        for row in table.xpath("./tbody/tr")
    }
    assert heads == ["Jalan & Jembatan", "Cuaca"]
    assert rows == {
        "Warta Kapur": [("2", ["16"]), ("0", [])],
        "Pena": [("1", ["10"]), ("0", [])],
        "Radio Sela": [("0", []), ("1", ["10"])],
    }
