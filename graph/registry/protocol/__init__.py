"""The protocol section of a registry record, and what the registry derives and posts beside it, one subject a module."""
