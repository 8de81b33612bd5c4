"""What the draft standard asks for, requirement by requirement, and what in this product meets it.

``requirements.json`` holds the 225 requirements of TC609-4-2026-XX with an acceptance check each;
``coverage/*.toml`` says of each how it is met, or why not yet, or why it does not apply; ``shown.json`` is
written from the tests (``make conformance``). Start reading at ``matrix.py``.
"""
