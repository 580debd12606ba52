"""Typed texts in Markdown."""

from __future__ import annotations

import pytest

from vision.ui.plain import plain


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Anna", "Anna"),
        ("**bold** _x_", r"\*\*bold\*\* \_x\_"),
        ("![x](y)", r"\!\[x\]\(y\)"),
        ("<b>", r"\<b\>"),
        ("$a$ `c` # ~", r"\$a\$ \`c\` \# \~"),
        ("two\nlines", "two lines"),
        ("12 kg, Größe 5", "12 kg\\, Größe 5"),
        (":red[x]", "\\:\u2060red\\[x\\]"),
    ],
)
def test_markdown_makes_nothing_of_a_typed_text(typed: str, shown: str) -> None:
    assert plain(typed) == shown


@pytest.mark.parametrize("typed", ["http://example.org/a", ":material/home:", ":smile:", "WWW.example.org"])
def test_what_is_found_after_the_backslashes_are_gone_is_parted(typed: str) -> None:
    told = plain(typed).replace("\\", "")
    assert typed not in told
    assert told.replace("\u2060", "") == typed
