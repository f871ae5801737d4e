"""Names to entities over a whole corpus, with ids that stay as the corpus grows. `docs/entities.md` tells how."""

from transforms.aliases.cluster import alias_id, cluster
from transforms.aliases.overrides import Override, parse_overrides

__all__ = ["Override", "alias_id", "cluster", "parse_overrides"]
