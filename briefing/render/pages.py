"""The templates: the operator's before ours, errors with file and line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.support import NullTranslations
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2 import __version__ as jinja_version
from jinja2.bccache import Bucket
from markupsafe import Markup
from platformdirs import user_cache_path

from briefing.errors import DeliveryError
from briefing.model import Brief
from briefing.render.columns import Plain, in_column
from briefing.render.dates import Dates
from briefing.render.language import language_tag, locale, translations
from briefing.render.layout import lay_out
from briefing.render.links import file_name, web_address
from briefing.render.markdown import Markdown
from briefing.render.text import plain
from briefing.resources import resource

_TEMPLATE_ERRORS = (
    TemplateError,
    OSError,
    TypeError,
    ValueError,
    LookupError,
    ArithmeticError,
)


def write_pages(brief: Brief, *, templates: Path | None) -> dict[str, str]:
    """Return the pages by name; see `briefing.render.render`.

    Raises:
        DeliveryError: a template is missing or broken; the message names file and line.
    """
    ours, context = Templates(templates), context_of(brief)
    with ours.blamed():
        return {
            f"{brief.key}.html": ours.html("brief.html", brief.language, context),
            f"{brief.key}.md": ours.markdown("brief.md", brief.language, context),
        }


class Templates:
    """The templates of one run, each read once.

    Raises:
        DeliveryError: the operator's folder is not there.
    """

    def __init__(self, folder: Path | None) -> None:
        if folder is not None and not folder.is_dir():
            raise DeliveryError(f"output.templates: {folder}: there is no such folder")
        ours = resource("templates")
        self._folders = [ours] if folder is None else [folder, ours]
        self._kept: dict[tuple[str, type[Markup]], Environment] = {}

    def html(self, name: str, language: str, context: Mapping[str, Any]) -> str:
        """Return a template filled, with the interface's words in `language`."""
        return self._of(language, Markup).get_template(name).render(context)

    def markdown(self, name: str, language: str, context: Mapping[str, Any]) -> str:
        """Return the same of a template of Markdown."""
        return _tidy(self._of(language, Markdown).get_template(name).render(context))

    def text(self, name: str, language: str, context: Mapping[str, Any]) -> str:
        """Return the same of a template of plain text."""
        return in_column(self._of(language, Plain).get_template(name).render(context))

    def file(self, name: str) -> str:
        """Return a file of the templates as it is."""
        return str(_file(self._of("en", Markup), name))

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Turn an error that arose in a template into one plain line.

        Raises:
            DeliveryError: names the template's file and line.
        """
        try:
            yield
        except TemplateSyntaxError as error:
            where = f"{error.filename or error.name}:{error.lineno}"
            raise DeliveryError(f"{where}: {error.message}") from error
        except _TEMPLATE_ERRORS as error:
            place = _place(error, self._folders)
            if place is None and not isinstance(
                error, (TemplateError, OSError, UnicodeError)
            ):
                raise
            words = (
                f"no template {error}" if isinstance(error, TemplateNotFound) else error
            )
            raise DeliveryError(f"{place or self._folders[0]}: {words}") from error

    def _of(self, language: str, safe: type[Markup]) -> Environment:
        which = (language, safe)
        if which not in self._kept:
            self._kept[which] = _environment(language, self._folders, safe)
        return self._kept[which]


def context_of(brief: Brief) -> dict[str, Any]:
    """Return all that a template may name."""
    return {
        **interface(brief.language),
        "brief": brief,
        "page": lay_out(brief),
        "editions": "",
        "listed": None,
        "dates": Dates(locale(brief.language), ZoneInfo(brief.zone)),
        "file_name": file_name,
        "language_tag": language_tag,
    }


def interface(language: str) -> dict[str, str]:
    """Return the language of a page's own words, BCP 47, and its direction."""
    written = locale(language)
    return {
        "language": str(written).replace("_", "-"),
        "direction": written.text_direction,
    }


class _Compiled(FileSystemBytecodeCache):
    """Templates compiled once for all editions, and kept among the user's caches for other runs.

    A template that has changed is compiled anew, and all are by another version of Jinja or of
    this module. Compiling takes a third of a second.
    """

    def __init__(self) -> None:
        super().__init__(str(user_cache_path("briefing") / "templates"), "%s")
        self._kept: dict[str, bytes] = {}
        self._made_by = (
            f"{jinja_version} {sha256(Path(__file__).read_bytes()).hexdigest()}"
        )

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(self._made_by + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])
        elif _is_ours(Path(self.directory)):
            try:
                super().load_bytecode(bucket)
            except Exception:  # noqa: BLE001  # pickle raises anything on damaged files
                bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()
        folder = Path(self.directory)
        with suppress(OSError):  # there may be no such place
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours(folder):
                super().dump_bytecode(bucket)


def _is_ours(folder: Path) -> bool:
    """Tell whether nobody else could have put something there: what is compiled is run."""
    try:
        status = folder.stat()
    except OSError:
        return False
    alone = not status.st_mode & 0o022
    return os.name == "nt" or (status.st_uid == os.geteuid() and alone)


_COMPILED: Final = _Compiled()


def _environment(
    language: str, folders: Sequence[Path], safe: type[Markup]
) -> Environment:
    """Return the templates of one kind; what they print is escaped by ``safe.escape``."""
    default = FileSystemLoader(folders[-1])
    environment = Environment(
        loader=ChoiceLoader(
            [*map(FileSystemLoader, folders), PrefixLoader({"!default": default})]
        ),
        # Markdown too: then macros and super() give markup, which is not escaped again.
        autoescape=True,
        undefined=StrictUndefined,
        finalize=partial(_printed, safe),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # added by i18n
    environment.globals.update(_words(translations(language), safe))
    environment.globals["file"] = partial(_file, environment)
    environment.globals["web_address"] = partial(_address, safe)
    return environment


def _printed(safe: type[Markup], value: object) -> object:
    """Return `value` as it is printed; markup stays markup."""
    if type(value) is safe:
        return value
    if isinstance(value, str) and not isinstance(value, Markup):
        return safe.escape(plain(value))
    return safe.escape(value)  # what markup is made of was plain already


def _words(found: NullTranslations, safe: type[Markup]) -> dict[str, object]:
    """Return gettext's functions; what is put into a message is escaped by ``safe``."""

    def formatted(get: Callable[..., object], count: int) -> Callable[..., Markup]:
        def translated(*given: Any, **variables: object) -> Markup:
            return safe(str(get(*given[:count]))) % {
                name: _printed(safe, value) for name, value in variables.items()
            }

        return translated

    return {
        "_": formatted(found.gettext, 1),
        "gettext": formatted(found.gettext, 1),
        "ngettext": formatted(found.ngettext, 3),
        "pgettext": formatted(found.pgettext, 2),
        "npgettext": formatted(found.npgettext, 4),
        "key_words": found.pgettext,  # plain text: an unknown key comes back as it is
    }


def _address(safe: type[Markup], link: str | None) -> str | None:
    """Return an address as `web_address` does; Markdown takes it as it is, HTML escapes it."""
    found = web_address(link)
    return Markdown(found) if found and safe is Markdown else found


def _file(environment: Environment, name: str) -> Markup:
    """Return the file `name` of the templates, as it is: a stylesheet is no template."""
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0])


def _tidy(page: str) -> str:
    """Return a Markdown page without blanks at line ends and with single empty lines.

    Safe, as foreign text has no line breaks there.
    """
    lines = [line.rstrip() for line in page.split("\n")]
    kept = [
        line
        for line, before in zip(lines, ["", *lines], strict=False)
        if line or before
    ]
    return "\n".join(kept).strip("\n") + "\n"


def _place(error: Exception, folders: Sequence[Path]) -> str | None:
    """Return file and line of the innermost template that `error` came through."""
    frames = extract_tb(error.__traceback__)
    inside = [
        f"{frame.filename}:{frame.lineno}"
        for frame in frames
        if any(Path(frame.filename).is_relative_to(folder) for folder in folders)
    ]
    return inside[-1] if inside else None
