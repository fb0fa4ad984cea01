"""momopy, what it stands on and what else there is, measured in one run against one static server."""
