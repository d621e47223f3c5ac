"""What `briefing stories` does: each row is counted alone, waits on disk, and is grouped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from briefing.cli.rows import Reading, Row, RowError, checked
from briefing.errors import StoreError
from briefing.ports import Progress

if TYPE_CHECKING:
    import sqlite3

    from briefing.group import Profile
    from briefing.model import Article, Heading, Topic


_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE articles (
    place INTEGER PRIMARY KEY, key TEXT UNIQUE, id TEXT, moment REAL,
    heading BLOB, terms BLOB, shingles BLOB, topics TEXT
);
CREATE TABLE stories (id TEXT PRIMARY KEY, story TEXT) WITHOUT ROWID;
"""


def counted_row(row: Row, *, how: Reading, topics: tuple[Topic, ...]) -> Row:
    """Return what is counted of a row with id and text, instead of its text.

    Raises:
        RowError: a field is missing or of the wrong type.
    """
    import pickle

    from briefing.group import profiled, topic_hits

    checked(row, needs=("id", "text"))
    key = json.dumps(row["id"])
    article = _article(key, row, how)
    counted = profiled(article)
    hits = topic_hits(article.title, article.text, topics, language=article.language)
    return {
        "key": key,
        "id": article.id,
        "moment": article.came_out.timestamp(),
        "heading": pickle.dumps(_heading(article)),
        "terms": counted.terms,
        "shingles": counted.shingles,
        "topics": json.dumps(
            [{"slug": hit.slug, "score": round(hit.score, 4)} for hit in hits]
        ),
    }


class Spool:
    """Counted rows, each id once, in a file: about 3 kB for each.

    Args:
        database: empty.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        database.executescript(_TABLES)
        self._database = database

    def add(self, row: Row) -> None:
        """Keep what `counted_row` returned.

        Raises:
            RowError: there is one with its id already.
        """
        import sqlite3

        try:
            self._database.execute(
                "INSERT INTO articles VALUES (NULL, :key, :id, :moment, :heading, :terms,"
                " :shingles, :topics)",
                row,
            )
        except sqlite3.IntegrityError:
            raise RowError(f"id {row['key']} stands there twice") from None

    def grouped(self, progress: Progress) -> Iterator[Row]:
        """Yield id, story and topics of each row, in the order in which they came.

        Args:
            progress: is called with “articles”, how many are grouped, and of how many.
        """
        from briefing.group import story_ids

        self._database.execute("CREATE INDEX by_moment ON articles (moment, id)")
        [(total,)] = self._database.execute("SELECT count(*) FROM articles")
        for done, found in enumerate(story_ids(self._read()), 1):
            self._database.execute("INSERT INTO stories VALUES (?, ?)", found)
            progress("articles", done, total)
        for key, story, topics in self._database.execute(
            "SELECT key, story, topics FROM articles JOIN stories USING (id) ORDER BY place"
        ):
            yield {
                "id": json.loads(key),
                "story": story,
                "topics": json.loads(topics),
            }

    def _read(self) -> Iterator[tuple[Heading, Profile]]:
        import pickle

        from briefing.group import RECIPE, profile_from
        from briefing.model import Profiled

        for heading, terms, shingles in self._database.execute(
            "SELECT heading, terms, shingles FROM articles ORDER BY moment, id"
        ):
            one = pickle.loads(heading)  # our own, nobody else has the file
            kept = Profiled(one.id, one.revision, RECIPE, terms, shingles)
            yield one, profile_from(kept)


@contextmanager
def spool() -> Iterator[Spool]:
    """Give an empty spool in a temporary file, which nobody else can open and none can leave behind.

    Raises:
        StoreError: the disk is full.
    """
    import sqlite3

    try:
        with closing(sqlite3.connect("")) as database:
            yield Spool(database)
    except sqlite3.Error as error:
        raise StoreError(
            f"what was counted cannot be kept: {error}; TMPDIR says on which disk"
        ) from error


def _article(key: str, row: Row, how: Reading) -> Article:
    from briefing.model import Article
    from briefing.text import article_id, parse_date, revision

    title, text = row.get("title"), row["text"]
    language = row.get("language") or how.language
    stated = row.get("published")
    return Article(
        id=article_id(f"row:{key}"),
        revision=revision(title, text),
        url=f"row:{key}",
        source=str(row.get("source") or ""),
        outlet=str(row.get("source") or ""),
        text=text,
        language=language,
        fetched=how.now,
        title=title,
        published=parse_date(
            stated, language=language, zone=ZoneInfo(how.zone), now=how.now
        )
        if stated
        else None,
    )


def _heading(article: Article) -> Heading:
    from briefing.model import Heading

    fields: dict[str, Any] = {
        name: getattr(article, name) for name in Heading.__dataclass_fields__
    }
    return Heading(**fields)
