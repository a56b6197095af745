"""The protocol section of a registry record, and what is derived and posted beside it, one subject a module."""
