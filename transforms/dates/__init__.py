"""The TIMEX3 tagger: `tag` finds and resolves the time expressions of a text, `value_bounds` reads a value.

`words` and `grammar` recognise and `compose` joins; the senses (`calendars`, `relative`, `clocks`, `durations`) resolve
from the `anchors`; `values` knows what a value covers.
"""

from transforms.dates.tagger import bounds, tag
from transforms.dates.values import Bounds, value_bounds

__all__ = ["Bounds", "bounds", "tag", "value_bounds"]
