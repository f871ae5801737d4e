"""The TIMEX3 tagger."""
