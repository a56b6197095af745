"""The vocabulary: its terms, their IRIs, and what follows from them by inference."""
