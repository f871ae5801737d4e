"""The report in a real Chromium: Debian's, driven by Playwright. Passed over where either is missing."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flows import pipeline, report
from flows.settings import Settings
from tests import hostile

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install -e '.[dev]'")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SCREENSHOTS = os.environ.get("SCREENSHOTS")
"""A folder to keep pictures in, for reading by eye."""

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Opens a report; fails the test if the page complains, or asks for anything but itself."""
    contexts, complaints = [], []

    def open_it(path: Path, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: None if request.url == path.as_uri() else complaints.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture(scope="module")
def sample(sample_warehouse: Path) -> Path:
    return report.write(sample_warehouse)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacked")
    hostile.write(folder / "raw")
    pipeline.run(Settings(raw=folder / "raw", warehouse=folder / "warehouse"), pipeline.Here())
    return report.write(folder / "warehouse")


def keep(page: Any, name: str) -> None:
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", [600, 960, 1200])
def test_what_the_cards_at_the_top_say_stays_in_them(width: int, open_page: Open, sample: Path) -> None:
    page = open_page(sample, viewport={"width": width, "height": 900})
    page.add_style_tag(content="body, .glance dd { font-family: 'DejaVu Serif' !important }")  # a wide one
    over = page.eval_on_selector_all(".glance div", "cards => cards.filter(c => c.scrollWidth > c.clientWidth).length")
    keep(page, f"cards_{width}")
    assert over == 0


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {"color_scheme": "light"}),
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}),
    ],
)
def test_plots_are_drawn_and_nothing_runs_out_of_the_page(
    open_page: Open, sample: Path, name: str, options: dict[str, Any]
) -> None:
    page = open_page(sample, **options)
    page.wait_for_selector("figure svg")
    keep(page, name)
    bars = page.locator("figure[data-plot]").evaluate_all("all => all.map(f => f.querySelectorAll('rect').length)")
    assert len(bars) == 3
    assert min(bars) > 5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_dark_and_light_differ_and_both_can_be_read(open_page: Open, sample: Path) -> None:
    read = "(name) => getComputedStyle(document.body)[name].match(/\\d+/g).map(Number)"
    contrasts = []
    for scheme in ("light", "dark"):
        page = open_page(sample, color_scheme=scheme)
        ink, paper = page.evaluate(read, "color"), page.evaluate(read, "backgroundColor")
        contrasts.append(luminance(ink) - luminance(paper))
    assert contrasts[0] < -0.7
    assert contrasts[1] > 0.7


def luminance(rgb: list[int]) -> float:
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_reader_shows_a_document_with_its_marks(open_page: Open, sample: Path) -> None:
    page = open_page(sample)
    page.fill("#find", "bridge contract")
    assert page.locator("#list button").count() == 1
    page.click("#list button")
    article = page.locator("#document")
    assert "Former mayor jailed over bridge contract" in article.locator("h3").inner_text()
    cut = article.locator("del").last
    assert "All rights reserved" in cut.inner_text()
    assert "line-through" in cut.evaluate("node => getComputedStyle(node).textDecoration")
    page.locator("mark.person", has_text="Ferrante").last.hover()
    assert "PERSON: Salvatore Ferrante" in page.locator("#tip").inner_text()
    page.locator("mark.date", has_text="next month").hover()
    assert "2016-03" in page.locator("#tip").inner_text()
    assert page.locator("mark.topic").count() > 0
    page.fill("#find", "")
    assert "bridge" in page.locator("#list [aria-current=true]").inner_text()
    assert page.url.endswith("#read-" + page.locator("#list [aria-current=true]").get_attribute("value"))


def test_marks_are_reached_by_the_keyboard_alone(open_page: Open, sample: Path) -> None:
    page = open_page(sample)
    page.locator("#list button").first.focus()
    page.keyboard.press("Enter")
    page.locator("#document").focus()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.dataset.note")
    assert focused
    assert page.locator("#tip").inner_text() == focused
    assert page.evaluate("document.activeElement.ariaDescription") == focused
    page.keyboard.press("Escape")
    assert page.locator("#tip").is_hidden()


def test_a_link_to_a_document_opens_it(open_page: Open, sample: Path) -> None:
    page = open_page(sample)
    page.locator("#list button").nth(4).click()
    title, url = page.locator("#document h3").inner_text(), page.url
    page.goto("about:blank")
    page.goto(url)
    assert page.locator("#document h3").inner_text() == title


def test_a_text_that_tries_to_inject_markup_stays_text(open_page: Open, attacked: Path) -> None:
    page = open_page(attacked)
    page.wait_for_selector("figure svg")
    keep(page, "attacked")
    for number in range(page.locator("#list button").count()):
        page.locator("#list button").nth(number).click()
        page.locator("#document mark, #document del").first.focus()
        assert page.locator("#document img, #document script, #document a, #document iframe").count() == 0
    assert page.evaluate("window.owned") is None
    assert page.locator("img, iframe").count() == 0
    assert page.locator("script").count() == 4, "ours: the data and three scripts"
    assert "<script>window.owned" in page.locator("#list").inner_text()


def test_a_script_that_got_in_all_the_same_would_not_run(browser: Any, sample: Path, tmp_path: Path) -> None:
    """The second wall: the policy lets no script run but those whose hashes it names."""
    spoilt = tmp_path / "spoilt.html"
    page_text = sample.read_text(encoding="utf-8")
    spoilt.write_text(page_text.replace("</main>", hostile.SCRIPT + "<img src=x onerror='window.owned = 1'></main>"))
    context = browser.new_context()
    page = context.new_page()
    page.goto(spoilt.as_uri())
    page.wait_for_selector("figure svg")
    assert page.evaluate("window.owned") is None
    context.close()
