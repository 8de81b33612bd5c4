"""The blueprint that the routes of this room share."""

from flask import Blueprint

blueprint = Blueprint("inbox", __name__, url_prefix="/tasks")
