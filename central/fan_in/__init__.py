"""All stations' home databases brought into the one read-only index."""
