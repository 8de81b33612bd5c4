"""Forms generated from JSON Schema: a tree of fields for the templates, and back from what was sent.

``fields.build`` makes the tree (titles in the reader's language, values, errors); the macros of
``templates/components/schema_form.html`` draw it to edit, to read and to print; ``submission.parse``
turns a submitted form into data again. Validation is the engine's: nothing here accepts or refuses.
"""

from webapp.forms.fields import Field, FileFacts, Form, Option, Row, build
from webapp.forms.submission import FileUpload, SecretSealing, parse

__all__ = ["Field", "FileFacts", "FileUpload", "Form", "Option", "Row", "SecretSealing", "build", "parse"]
