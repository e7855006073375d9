"""Markdown: what it becomes, and what it must never become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RENDER = """async (text) => {
  const { Prose } = await import(new URL("text/prose.js", document.baseURI));
  const { Names } = await import(new URL("text/names.js", document.baseURI));
  const around = { names: new Names(null, null), now: () => 0, me: "1", visit() {}, type() {} };
  return new Prose(around).render(text).innerHTML;
}"""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("**b** *i* _i_", "<p><strong>b</strong> <em>i</em> <em>i</em></p>"),
        ("__u__ ~~s~~", "<p><u>u</u> <s>s</s></p>"),
        ("***both***", "<p><strong><em>both</em></strong></p>"),
        ("snake_case_name 2*3*4", "<p>snake_case_name 2<em>3</em>4</p>"),
        (r"\*no\* \_no\_ \`no\`", "<p>*no* _no_ `no`</p>"),
        ("`**raw**`", "<p><code>**raw**</code></p>"),
        ("``a`b``", "<p><code>a`b</code></p>"),
        ("# a\n## b", '<h3 class="heading-1">a</h3><h4 class="heading-2">b</h4>'),
        ("### c\n#### d", '<h3 class="heading-3">c</h3><p>#### d</p>'),
        ("-# small", '<p class="subtext">small</p>'),
        ("> a\n> b\nc", "<blockquote><p>a\nb</p></blockquote><p>c</p>"),
        (">>> a\n\nb", "<blockquote><p>a\n\nb</p></blockquote>"),
        (">no", "<p>&gt;no</p>"),
        ("- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("- a\n  - b", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
        ("- a\n  b\n- c\n\nd", "<ul><li><p>a\nb</p></li><li><p>c</p></li></ul><p>\nd</p>"),
        ("3. a\n4. b", '<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol>'),
        ("a\n\nb", "<p>a\n\nb</p>"),
        ("**open", "<p>**open</p>"),
        ("x < y && y > z", "<p>x &lt; y &amp;&amp; y &gt; z</p>"),
    ],
)  # fmt: skip  # a table reads best a row a line
async def test_text_is_read_as_discord_reads_it(reader: Visitor, text: str, html: str) -> None:
    assert await reader.page.evaluate(RENDER, text) == html


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[words](https://a.example/b_(c))", [("words", "https://a.example/b_(c)")]),
        ("(see https://a.example/b_(c).)", [("https://a.example/b_(c)",) * 2]),
        ("<https://a.example/>", [("https://a.example/",) * 2]),
        ("[http://b.de](http://a.de)", [("http://b.de",) * 2, ("http://a.de",) * 2]),
        ("[x](javascript:alert(1))", []),
        ("[x](JaVaScRiPt:alert(1)) [x](data:text/html,x) [x](vbscript:x)", []),
        ("[x](\tjavascript:alert(1)) [x](&#106;avascript:alert(1))", []),
        ("javascript:alert(1) <javascript:alert(1)> [x](//a.example)", []),
    ],
)  # fmt: skip  # a table reads best a row a line
async def test_only_addresses_of_the_web_become_links(
    reader: Visitor, text: str, links: list[tuple[str, str]]
) -> None:
    found: list[Any] = await reader.page.evaluate(
        f"async (text) => {{ const at = document.createElement('template');"
        f"at.innerHTML = await ({RENDER})(text);"
        "return [...at.content.querySelectorAll('a')]"
        ".map((a) => [a.textContent, a.getAttribute('href')]); }",
        text,
    )
    assert [(words, address.rstrip("/")) for words, address in found] == [
        (words, address.rstrip("/")) for words, address in links
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "<script>document.title = 'taken'</script>",
        "<img src=x onerror=\"document.title = 'taken'\">",
        "**<b>__<i onmouseover=x>__</b>**",
        '[x"onclick="document.title=1](https://a.example/"onclick="x)',
        "`<svg/onload=document.title=1>` ```html\n<iframe src=javascript:x>\n```",
        "<a href='javascript:x'>x</a> &lt;script&gt;",
        "# <style>*{display:none}</style>",
    ],
)
async def test_hostile_words_stay_words(fan: Visitor, text: str) -> None:
    await fan.command("/echo " + text.replace("\n", r"\n"))
    await expect(fan.newest.locator(".prose")).to_be_visible()
    prose = fan.newest.locator(".prose")
    for name in ("script", "img", "svg:not(.icon)", "iframe", "style", "b", "i"):
        await expect(prose.locator(name)).to_have_count(0)
    attributes = await prose.evaluate(
        "(prose) => [...prose.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())"
    )
    assert [each for each in attributes if each.startswith("on")] == []
    assert await fan.page.title() == "#general · Liner Notes"


@pytest.mark.parametrize(
    "part", ["*", "_", "[", "`", "**a ", "||", "~~", "> ", "- ", "[a](", "<t:"]
)
async def test_repeated_marks_are_read_without_getting_lost(reader: Visitor, part: str) -> None:
    html = await reader.page.evaluate(RENDER, part * (4000 // len(part)))
    assert isinstance(html, str)


async def test_deep_nesting_ends_as_plain_text(reader: Visitor) -> None:
    html = await reader.page.evaluate(RENDER, "> " * 100 + "deep")
    assert html.count("<blockquote>") == 12
    assert "&gt; deep" in html


async def test_times_are_the_reader_s_own(fan: Visitor) -> None:
    await fan.command("/echo <t:1700000000:F>")
    await fan.sees("Tuesday, 14 November 2023 at 23:13")


async def test_mentions_are_read_as_names(fan: Visitor) -> None:
    assert '<span class="mention">@unknown-user</span>' in await fan.page.evaluate(RENDER, "<@12>")
    await fan.command("/echo @everyone </ask:1> <#1> <:owl:2>")
    await fan.page.get_by_role("button", name="/ask", exact=True).click()
    await expect(fan.page.locator(".command-name")).to_have_text("/ask")


async def test_a_spoiler_is_hidden_until_it_is_asked_for(fan: Visitor) -> None:
    await fan.command("/echo The butler ||did it||.")
    await fan.page.get_by_role("button", name="Spoiler: show it").click()
    await expect(fan.newest.locator(".spoiler.open")).to_have_text("did it")
