"""The process designer: definitions with their versions, drafts, the editor, and the release of drafts.

``routes.py`` has the pages, ``editing.py`` what the editor's script calls, ``release.py`` the second
administrator's decisions, ``differences.py`` what changed between two versions. Whether a diagram may be
deployed is decided by the engine alone.
"""

from webapp.modeler import editing, release
from webapp.modeler.routes import blueprint

blueprint.register_blueprint(editing.blueprint)
blueprint.register_blueprint(release.blueprint)

__all__ = ["blueprint"]
