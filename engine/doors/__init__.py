"""The commands and queries of ``engine.api.Engine``, one module for each subject; outsiders import that."""
