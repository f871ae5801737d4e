"""The pure half of Dateline: text in, values out.

No files but the package's own rules, no Prefect, no clock, no randomness.
"""
