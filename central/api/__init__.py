"""The centre's API."""
