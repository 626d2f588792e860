"""Bytes of a stranger's mail as text, whatever they say they are. Nothing here ever raises."""

import binascii
import codecs
import quopri
import re
import unicodedata
from typing import Final

# What mail is written in. Python knows more, some of which are no character sets at all, or take very long.
_KNOWN: Final = re.compile(
    r"utf-(7|8|8-sig|16|16-le|16-be|32)|ascii|iso8859-|iso2022|cp\d|koi8|big5|gb|shift|euc|hz|mac|tis"
)
_LATIN: Final = frozenset({"iso8859-1", "ascii"})  # many a mail says so and means windows-1252, as browsers know
_WORD: Final = re.compile(r"=\?([^?\s]{1,40})\?([bq])\?([^?\s]*)\?=", re.IGNORECASE)
_BETWEEN_WORDS: Final = re.compile(r"(\?=)\s+(?==\?)")
# Control characters and half surrogates say nothing, and some hide what is said; tabs and line ends do.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


def decode(data: bytes, charset: str = "") -> str:
    """By the character set that it names, else the first that fits."""
    for name in (_known(charset), "utf-8", "cp1252"):
        try:
            return clean(data.decode(name))
        except (UnicodeError, LookupError):
            continue
    return clean(data.decode("cp1252", errors="replace"))


def clean(text: str) -> str:
    """One kind of line end, composed macrons, and nothing that cannot be seen."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def header(raw: str) -> str:
    """A header's value in one line, its encoded words read (RFC 2047)."""
    value = decode(raw.encode("utf-8", errors="surrogateescape"))
    value = _BETWEEN_WORDS.sub(r"\1", value)
    return " ".join(clean(_decoded_words(value)).split())


def _decoded_words(value: str) -> str:
    """Neighbours of one character set are joined first: many programs cut a letter in two."""
    said: list[str] = []
    charset, waiting, at = "", b"", 0
    for word in _WORD.finditer(value):
        if word.start() > at or word[1].lower() != charset:
            said.append(decode(waiting, charset))
            waiting = b""
        said.append(value[at : word.start()])
        charset, at = word[1].lower(), word.end()
        waiting += _bytes_of(word[2].lower(), word[3])
    return "".join([*said, decode(waiting, charset), value[at:]])


def _bytes_of(how: str, text: str) -> bytes:
    data = text.encode()
    if how == "q":
        return quopri.decodestring(data, header=True)
    try:
        return binascii.a2b_base64(data + b"==")
    except binascii.Error:
        return data


def _known(charset: str) -> str:
    try:
        name = codecs.lookup(charset.partition("*")[0].strip()).name
    except (LookupError, ValueError):
        return "utf-8"
    if name in _LATIN:
        return "utf-8"  # what is pure ASCII reads the same; what is not falls through to windows-1252
    return name if _KNOWN.match(name) else "utf-8"
