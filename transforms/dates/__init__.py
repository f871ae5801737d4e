"""The TIMEX3 tagger: `tag` finds and resolves the time expressions of a text, `value_bounds` reads a value.

`words` and `grammar` recognise, `compose` joins, `anchors` and `resolution` give the value, `values` knows what it covers.
"""

from transforms.dates.tagger import bounds, tag
from transforms.dates.values import Bounds, value_bounds

__all__ = ["Bounds", "bounds", "tag", "value_bounds"]
