"""The component catalogue: versions with their state, one version in full, import, starting cases.

What is shown is what the person's grants reach; what can be started is what the process and the state
allow. Changes of state are never made here: a started process asks for them.
"""

from webapp.catalogue import import_routes, policies, step_routes
from webapp.catalogue.routes import blueprint

__all__ = ["blueprint", "import_routes", "policies", "step_routes"]
