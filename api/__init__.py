"""The faces: command line, HTTP service and pages. They join up the other folders and add nothing of their own."""
