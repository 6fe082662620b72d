"""Where names, patterns and phrases stand in a text."""
