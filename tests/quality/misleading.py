"""What misleads in an extract of Indonesian news: decided here, not by the rules it judges.

Written before those rules, from reading extracts. Word lists and decisions are its own; it
knows the paragraphs, which the rules do not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

KINDS: Final = ("opening", "split", "orphan", "noise")
"""Dangling opening, split quotation, quotation without a speaker, what is no sentence of
the news."""

_WORD: Final = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_QUOTES: Final = re.compile('["“”„‟«»]')
_LEANS: Final = re.compile(
    r"""(?x) (?:
      dia | ia | mereka | beliau | keduanya | ketiganya | pihaknya
    | (?:menurut|kata|ujar|ucap|tutur|jelas|tegas|ungkap|tambah|lanjut)(?:nya|\s(?:dia|ia|mereka|beliau))
    | (?:hal|soal|itu|ini) (?:\s(?:itu|ini|tersebut|senada|serupa|sama|yang\ssama))
    | (?:pernyataan|keputusan|kejadian|peristiwa|pertemuan|tindakan|langkah|kebijakan|insiden
        |permintaan|tuduhan|larangan|pengumuman|kabar|laporan|rencana|alasan|kondisi|situasi
        |aksi|serangan|kasus|angka|jumlah)(?:nya|\s(?:itu|ini|tersebut))
    | itu | ini(?:lah)? | itulah | begitu(?:lah)? | demikian(?:lah)?
    | namun | tetapi | tapi | akan\stetapi | padahal | bahkan | apalagi | terlebih | sebaliknya
    | sedangkan | sementara(?:\situ)? | selain\situ | di\ssamping\situ
    | (?:oleh\s)?(?:karena|sebab)(?:nya|\s(?:itu|hal|alasan)) | karenanya | sebab | pasalnya
    | akibatnya | alhasil | hasilnya | alasannya | artinya | maksudnya | tujuannya | sehingga
    | (?:meski|meskipun|walau|walaupun|kendati|biarpun)\s?(?:pun\s)?(?:begitu|demikian)
    | dengan\s(?:demikian|begitu) | untuk\situ | maka | jadi | lalu | lantas | kemudian
    | selanjutnya | berikutnya | sebelumnya | sesudahnya | setelahnya
    | (?:setelah|sesudah|sebelum|usai|sejak|kala|saat|ketika|waktu)\s(?:itu|hal\situ)
    | (?:di|pada|dalam)\s(?:saat|waktu|kesempatan|tempat|hari)\s(?:yang\ssama|itu|tersebut|bersamaan|sama)
    | (?:di|pada)\s(?:sisi|pihak)\slain | di\slain\s(?:sisi|pihak)
    | (?:tak|tidak|bukan)\s(?:hanya|cuma|sekadar|sebatas|berhenti)\s(?:itu|sampai\sdi\ssitu|di\ssitu)
    | lebih\s(?:lanjut|jauh) | misalnya | contohnya | salah\ssatunya | di\santaranya
    | hanya\ssaja | sayangnya | untungnya | juga | pun | adapun | akhirnya
    | (?:sebut|benar)\ssaja | nantinya | mulai\sdari | ada\s(?:yang|pula|juga) | nah | yup
    | (?:menarik|unik|ironis|parah)nya | (?:di|ber)sebut(?:kan)?\spula | ditambahkan(?:nya)?
    | (?:terkait|mengenai|atas|soal|menanggapi)\s(?:hal\s)?(?:itu|tersebut|ini)
    )(?![\w-])""",
    re.IGNORECASE,
)
_REFERRING: Final = re.compile(
    r"""(?x) (?:(?:di|ke|dari|pada|dalam|atas|bagi|untuk|dengan|oleh|selama|akibat|menurut|terkait
        |mengenai|soal|melalui|lewat|berkat|usai|setelah|sejak|saat|meski|selain|para|sang)\s)*
    (?P<head>[^\W\d]\w+) (?:\s[\w.-]+){0,6}? \s(?:itu|tersebut|ini)(?![\w-])""",
    re.IGNORECASE,
)
"""A noun phrase that points back: "bek kanan West Brom tersebut", "di klub Portugal itu"."""
_NOW: Final = re.compile(
    r"(?i)(?:hari|saat|tahun|pekan|minggu|bulan|musim|kali|malam|pagi|siang|sore|petang|selama"
    r"|jauh|belakangan|akhir|baru|dunia|negeri|waktu|dewasa|abad|senin|selasa|rabu|kamis|jumat"
    r"|sabtu|kini)\sini\b"
)
_ONE: Final = re.compile(r"(?i)\b(?:seorang|sebuah|suatu|salah|sejumlah|beberapa)\b")
_ADVERBIAL: Final = re.compile(
    r"(?i)(?:saat|ketika|usai|setelah|sejak|pada|dalam|di|selain|meski|untuk|akibat|selama)"
    r"(?:\s\S+){1,7}$"
)
"""What stands before the subject: "Saat berkunjung ke Bali"."""
_ROOT: Final = 5
"""Letters by which two words are the same: "penampilan" and "penampilannya"."""
_NOT_LEANING: Final = re.compile(
    r"(?i)(?:itu|ini)\s(?:dia|lho)|begitu\s(?:tiba|sampai|masuk|banyak|besar|tinggi)|"
    r"jadi\s(?:korban|tersangka|juara|pelatih)|maka\sdari\b(?!\situ)"
)
_BARE_SPEAKER: Final = re.compile(
    r"""(?x) dia | ia | mereka | beliau | nya | wartawan
    | (?:kata|ujar|ucap|tutur|ungkap|jelas|tegas|tambah|imbuh|terang|papar|pungkas|tandas|lanjut
        |sebut|tulis|sambung|cetus|tukas|menurut)(?:nya)?
    | kepada | pada | di | dalam | saat | ketika | usai | melalui | lewat | lagi | pula | pun
    | demikian | senin | selasa | rabu | kamis | jumat | sabtu | minggu""",
    re.IGNORECASE,
)
_POINTED: Final = re.compile(r"(?i)\b(?:itu|tersebut|ini)\b")
_UNNAMED: Final = re.compile(
    r"(?i)\b(?:seorang|salah\s(?:satu|seorang)|para|beberapa|sejumlah|sumber|warga|saksi|juru\sbicara"
    r"|pejabat|polisi|pernyataan|laporan|pihak)\b"
)
_NOISE: Final = re.compile(
    r"""(?ix) \W{0,4}(?:
      (?:baca|simak|lihat|tonton)(?:\s(?:juga|pula))?\s?:
    | (?:foto|video|ilustrasi|infografis|sumber|penulis|reporter|editor|laporan|oleh|kontributor
        |fotografer|gambar\sheader|disclosure|http)\s?:
    | (?:baca|simak)\sjuga\b | \[?\s?gambas | scroll\sto | advertisement
    | \(\s?(?:foto|dok)\b )"""
)
_SIGN_OFF: Final = re.compile(r"[(\[][^()\[\]]{1,40}[)\]]\.?")
_ITEM: Final = re.compile(r"(?:\d{1,2}\s?[.)]\s|[a-h]\s?[.)]\s|[-•*–]\s?\w)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of an article: its text, the number of its paragraph."""

    text: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What misleads in one extract: kind → the positions of the sentences."""

    faults: dict[str, list[int]] = field(default_factory=dict)

    def add(self, kind: str, position: int) -> None:
        self.faults.setdefault(kind, []).append(position)


def judge(
    article: Sequence[Piece], chosen: Collection[int], title: str = ""
) -> Verdict:
    """Return what misleads in the extract `chosen` (positions) of `article`."""
    verdict = Verdict()
    shown = sorted(chosen)
    inside = _half_quoted(article)
    for at in shown:
        text = article[at].text.strip()
        if _is_noise(text, title):
            verdict.add("noise", at)
        led = _before(article, at, title) in chosen
        if not led and _before(article, at, title) is not None:
            earlier = " ".join(article[one].text for one in shown if one < at)
            if _dangles(text) or _refers(text, earlier):
                verdict.add("opening", at)
        if inside[at] and not all(other in chosen for other in inside[at]):
            verdict.add("split", at)
        elif _orphan(text) and not led:
            verdict.add("orphan", at)
    return verdict


def _before(article: Sequence[Piece], at: int, title: str) -> int | None:
    """Return the sentence before `at` that is one, None if there is none."""
    for other in range(at - 1, -1, -1):
        if not _is_noise(article[other].text, title):
            return other
    return None


def _dangles(text: str) -> bool:
    bare = " ".join(text.lstrip(" \"“”'‘’([«").split())
    return bool(_LEANS.match(bare)) and not _NOT_LEANING.match(bare)


def _refers(text: str, earlier: str) -> bool:
    """Tell whether `text` opens with a noun that points to what `earlier` does not say."""
    known = {word[:_ROOT].lower() for word in _WORD.findall(earlier)}
    bare = " ".join(text.lstrip(" \"“”'‘’([«").split())[:200]
    first, _, second = bare.replace(" , ", ", ").partition(", ")
    for clause in (first, second if _ADVERBIAL.match(first) else ""):
        found = _REFERRING.match(clause)
        if found and not _NOW.search(found[0]) and not _ONE.search(found[0]):
            return found["head"][:_ROOT].lower() not in known
    return False


def _half_quoted(article: Sequence[Piece]) -> list[set[int]]:
    """Return for each sentence the others it shares a quotation with; itself if half.

    A quotation ends with its paragraph: marks are counted in each, odd ones open.
    """
    found: list[set[int]] = [set() for _ in article]
    open_at: int | None = None
    for at, piece in enumerate(article):
        if open_at is not None and piece.paragraph != article[open_at].paragraph:
            found[open_at] |= {-1}  # never closed: half, whatever is shown
            open_at = None
        odd = len(_QUOTES.findall(piece.text)) % 2
        if open_at is None:
            open_at = at if odd else None
        elif odd:
            group = set(range(open_at, at + 1))
            for one in group:
                found[one] |= group
            open_at = None
    if open_at is not None:
        found[open_at] |= {-1}
    return found


def _orphan(text: str) -> bool:
    """Tell whether most of `text` is quoted and the rest names nobody."""
    marks = [mark.start() for mark in _QUOTES.finditer(text)]
    quoted = sum(
        len(_WORD.findall(text[first:last]))
        for first, last in list(pairwise(marks))[::2]
    )
    total = len(_WORD.findall(text))
    if not marks or quoted < 4 or quoted * 2 < total:
        return False
    rest = " ".join(
        text[start:stop]
        for start, stop in zip(
            [0, *(mark + 1 for mark in marks[1::2])],
            [*marks[::2], len(text)],
            strict=False,
        )
    )
    words = _WORD.findall(rest)
    named = any(
        word[0].isupper() and not _BARE_SPEAKER.fullmatch(word) for word in words
    )
    if named:
        return False
    if _UNNAMED.search(rest) and not _POINTED.search(rest):
        return False
    left = [word for word in words if not _BARE_SPEAKER.fullmatch(word)]
    return len(left) < 2 or bool(_POINTED.search(rest))


def _is_noise(text: str, title: str) -> bool:
    bare = text.strip()
    words = _WORD.findall(bare)
    if re.search(r"(?i)[(\[]\s?(?:foto|dok)\b", bare) and len(words) < 12:
        return True
    if len(words) < 4 or _SIGN_OFF.fullmatch(bare) or _NOISE.match(bare):
        return True
    if bare.rstrip('"”’) ').endswith(("?", ":")) or _ITEM.match(bare):
        return True
    if _letters(bare) == _letters(title) != "":
        return True
    return bare[-1].isalnum() and len(words) <= 10


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
