"""What Dateline costs, as ratios measured within one run on one machine."""
