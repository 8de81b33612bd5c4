"""Routes to be set at a call gateway: recorded, and not enforced while none is connected.

Every row says ``enforced=False``; nothing here lets or stops a call.
"""
