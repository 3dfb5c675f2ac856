"""Which stations there are, and how a device comes to speak for one."""
