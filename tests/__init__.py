"""The tests of the platform; see CONTRIBUTING.md for where which test lives."""
