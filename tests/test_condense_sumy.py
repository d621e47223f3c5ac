from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from briefing.condense import METHODS, choose
from briefing.condense.sumy_methods import summarizer

SUMY = [method for method in METHODS if method not in {"learned", "lead"}]

SENTENCES = [
    "Hujan lebat turun di pegunungan selama tiga hari berturut-turut.",
    "Banjir di lembah merendam ratusan rumah dan memutus jalan utama.",
    "Harga cabai di pasar kota naik sedikit minggu ini.",
    "Petugas mengungsikan warga lembah karena banjir dan jalan utama terputus.",
    "Banjir itu yang terbesar di lembah sejak jembatan jalan utama dibangun.",
]


@pytest.mark.parametrize("method", SUMY)
def test_each_method_ranks_every_sentence_once(method):
    ranked = summarizer(method)(SENTENCES, title="Banjir di lembah", language="id")
    assert sorted(ranked) == list(range(len(SENTENCES)))


@pytest.mark.parametrize("method", [m for m in SUMY if m != "lsa"])
def test_a_sentence_about_something_else_is_not_the_best(method):
    # LSA looks for what is most unlike the rest, too.
    ranked = summarizer(method)(SENTENCES, title="Banjir di lembah", language="id")
    assert ranked[0] != 2


def test_edmundson_follows_the_title():
    harvest = choose(
        SENTENCES,
        method="edmundson",
        sentences=1,
        title="Harga cabai naik di pasar kota",
    )
    flood = choose(
        SENTENCES,
        method="edmundson",
        sentences=1,
        title="Jembatan terbesar banjir lembah",
    )
    assert harvest != flood


@pytest.mark.parametrize("method", SUMY)
def test_no_network_is_asked(method, monkeypatch):
    def refuse(*_arguments: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert choose(SENTENCES, method=method, language="id")


@pytest.mark.parametrize("method", [m for m in SUMY if m != "edmundson"])
def test_equal_sentences_are_ranked_by_position(method):
    alike = [f"angin{number} barat{number} laut{number}" for number in range(6)]
    ranked = list(summarizer(method)(alike, title=None, language="und"))
    assert ranked == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("method", "read"), [("kl", 100), ("lexrank", 300), ("luhn", 300)]
)
def test_only_the_beginning_of_very_long_texts_is_ranked(method, read):
    sentences = [f"kata{number} lain{number % 7}" for number in range(400)]
    ranked = summarizer(method)(sentences, title=None, language="id")
    assert sorted(ranked) == list(range(read))


@pytest.mark.slow
def test_hash_seeds_do_not_change_the_choice():
    check = (
        f"from briefing.condense import METHODS, choose\nsentences = {SENTENCES!r}\n"
        "print([choose(sentences, method=m, words=25, language='id') for m in METHODS])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", check],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(answers) == 1
