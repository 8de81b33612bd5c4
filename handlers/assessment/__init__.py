"""The service tasks and listeners of the security assessment (P03).

A branch runs the tools of one or two checks and always yields a result. The tools themselves are in
``handlers/scanning``, what a result means is in ``domain/assessments``. Start reading at ``topics``.
"""

from handlers.assessment.topics import register as register
