"""Everything that knows a channel: what a mail says, how it leaves, the links that it carries."""
