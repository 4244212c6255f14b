"""The lab: a stand-in for AWS on one machine. Nothing outside lab/, inventory/lab/, molecule/ and tests/ uses it."""
