"""A small corpus whose texts try to become markup, script or another reading direction."""

import json
from pathlib import Path

SCRIPT = "<script>window.owned = 'body'</script>"
CLOSER = "</script><script>window.owned = 'closer'</script>"
IMAGE = '"><img src=x onerror="window.owned = \'image\'">'
COMMENT = "<!--<script>--> ]]> </style></title></textarea>"
LINK = "javascript:window.owned='link'"
REVERSED = "\u202edetrevni si siht\u202c"
TEMPLATE = "{{ 7 * 7 }} {% raw %} ${7*7} &lt;b&gt; &amp;"
BREAKS = "line\u2028paragraph\u2029end"
ATTACKS = (SCRIPT, CLOSER, IMAGE, COMMENT, LINK, REVERSED, TEMPLATE, BREAKS)
SOURCE = "evil <b>&'\"source"
NOTICE = f"Copyright 2021 {IMAGE} Ltd. All rights reserved."


def write(raw: Path) -> None:
    """Write the corpus below `raw`."""
    source = raw / SOURCE
    source.mkdir(parents=True)
    for number, attack in enumerate(ATTACKS):
        body = f"Maria {attack} Lopez met Angela Merkel in Berlin on 4 May 2021. {attack}"
        story = f"date 2021-05-0{number + 1} Title {attack}\n\n{body}\n\nThe court said so on Monday.\n\n{NOTICE}\n"
        (source / f"story-{number}.txt").write_text(story, encoding="utf-8")
    records = [
        {"id": f"r{number}{attack}", "title": attack, "byline": attack, "url": LINK, "source": attack,
         "published_on": "2021-06-01", "text": f"{attack} The president of France spoke on Tuesday. {attack}"}
        for number, attack in enumerate(ATTACKS)
    ]  # fmt: skip
    lines = [json.dumps(record) for record in records] + ['{"id": "<img src=x onerror=alert(1)>"', "{}"]
    (raw / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
