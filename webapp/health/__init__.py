"""Two addresses for whoever watches the process: is it alive, and can it serve?"""

from webapp.health.routes import blueprint

__all__ = ["blueprint"]
