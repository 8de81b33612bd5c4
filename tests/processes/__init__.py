"""Every shipped process, told as stories on the pure runtime, and its diagram measured as a drawing.

Start reading at ``story.py``, the small language of the stories; ``papers.py`` holds what people fill in.
"""
