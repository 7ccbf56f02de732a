"""No page points to a file, a picture or a heading that is not there."""

import re
import subprocess

import pytest

from docs.pages import PAGES, REPOSITORY

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(page):
    """The headings of a page, as links spell them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_lead_somewhere(page):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_and_picture_of_the_docs_is_linked():
    linked = set()
    for page in PAGES:
        names = (link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8")))
        linked |= {(page.parent / name).resolve() for name in names if name and ":" not in name}
    listed = subprocess.run(
        ["git", "ls-files", "docs/*.md", "docs/*.svg", "docs/*.png", "docs/*.jpg"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    assert [name for name in listed.stdout.split() if (REPOSITORY / name).resolve() not in linked] == []
