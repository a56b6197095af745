"""The questions: one `.rq` file each, read into a catalogue and run with typed parameters."""
