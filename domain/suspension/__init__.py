"""Why a version is blocked, and why it may go on: the record behind SUSPEND and RESUME (11.6.1).

The state itself belongs to the catalogue. Incidents with their grades and clocks come with clause 11.6;
here stands what the state machine must see on record. Start reading at ``service``.
"""
